# Images, state, functions, their roles and their releases.

locals {
  repository_arn = "${local.arns.ecr}:repository/${var.prefix}"
  function_arn   = "${local.arns.lambda}:function:${local.name}-*"
  role_arn       = "${local.iam_arn}:role/${local.name}-*-${var.aws_region}"

  # environments/prod, and environments/prod-us in a bucket of its own region.
  state_folders = [for folder in [var.environment, "${var.environment}-*"] : "${local.state_arn}/${folder}"]
  state_arns    = formatlist("%s/terraform.tfstate", local.state_folders)
  note_arns     = formatlist("%s/last-deployment.json", local.state_folders)

  build_statements = {
    LogIn = {
      why       = "a token to push with; it is for all of the account's registry, and opens what PushImages does"
      actions   = ["ecr:GetAuthorizationToken"]
      resources = ["*"]
    }
    PushImages = {
      why = "the image that is built once, and then promoted by digest"
      actions = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:CompleteLayerUpload",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ]
      resources = [local.repository_arn]
    }
  }

  delivery_statements = {
    ReadImages = {
      why = "whether there is an image already; Lambda also asks whether its caller may read what it is told to run"
      actions = [
        "ecr:BatchGetImage",
        "ecr:DescribeImages",
        "ecr:DescribeRepositories",
        "ecr:GetDownloadUrlForLayer",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
      ]
      resources = [local.repository_arn]
    }
    FindState = {
      why       = "the environment's own state; Terraform asks for other workspaces (env:/) as well"
      actions   = ["s3:ListBucket"]
      resources = [local.state_arn]
      conditions = [{
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["${var.environment}/*", "${var.environment}-*", "env:/", "bootstrap/applied.json"]
      }]
    }
    ReadState = {
      why       = "the environment's own state and its lock, and notes of its last deployment and of when bootstrap was applied"
      actions   = ["s3:GetObject"]
      resources = concat(local.state_arns, formatlist("%s.tflock", local.state_arns), local.note_arns, ["${local.state_arn}/bootstrap/applied.json"])
    }
    WriteState = {
      why       = "the environment's own state and its lock, and a note of its last deployment"
      actions   = ["s3:PutObject"]
      resources = concat(local.state_arns, formatlist("%s.tflock", local.state_arns), local.note_arns)
    }
    Unlock = {
      why       = "the lock goes when the work is done; state is never deleted"
      actions   = ["s3:DeleteObject"]
      resources = formatlist("%s.tflock", local.state_arns)
    }
    KeepReleases = {
      why = "the application, its groups, and how callers are moved"
      actions = [
        "codedeploy:CreateApplication",
        "codedeploy:CreateDeploymentConfig",
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:DeleteApplication",
        "codedeploy:DeleteDeploymentConfig",
        "codedeploy:DeleteDeploymentGroup",
        "codedeploy:GetApplication",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:ListTagsForResource",
        "codedeploy:TagResource",
        "codedeploy:UntagResource",
        "codedeploy:UpdateDeploymentGroup",
      ]
      resources = [
        "${local.arns.codedeploy}:application:${local.name}",
        "${local.arns.codedeploy}:deploymentconfig:${local.name}-*",
        "${local.arns.codedeploy}:deploymentconfig:CodeDeployDefault.Lambda*",
        "${local.arns.codedeploy}:deploymentgroup:${local.name}/*",
      ]
    }
    Release = {
      why = "a deployment is begun and watched; what it is to do comes with it, as a revision of the application"
      actions = [
        "codedeploy:BatchGetDeployments",
        "codedeploy:CreateDeployment",
        "codedeploy:GetApplicationRevision",
        "codedeploy:GetDeployment",
        "codedeploy:ListDeployments",
        "codedeploy:RegisterApplicationRevision",
      ]
      resources = ["${local.arns.codedeploy}:application:${local.name}", "${local.arns.codedeploy}:deploymentgroup:${local.name}/*"]
    }
    StopReleases = {
      why       = "a deployment that harms is stopped; IAM knows no resource for this, and a deployment's id is random"
      actions   = ["codedeploy:StopDeployment"]
      resources = ["*"]
    }
  }

  # The alias is not among them: CodeDeploy moves it, as a role of its own.
  function_statements = {
    KeepFunctions = {
      why = "functions, their versions, who may invoke them and how they start"
      actions = [
        "lambda:AddPermission",
        "lambda:CreateAlias",
        "lambda:CreateFunction",
        "lambda:DeleteAlias",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:DeleteProvisionedConcurrencyConfig",
        "lambda:GetAlias",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:ListAliases",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:PutProvisionedConcurrencyConfig",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateFunctionEventInvokeConfig",
      ]
      resources = [local.function_arn]
    }
    TryVersions = {
      why       = "a new version is tried before any caller gets it"
      actions   = ["lambda:InvokeFunction"]
      resources = ["${local.function_arn}:*"]
    }
  }

  role_statements = {
    MakeBoundedRoles = {
      why = "roles for functions and CodeDeploy, under the environment's boundary alone"
      actions = [
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ]
      resources  = [local.role_arn]
      conditions = [{ test = "StringEquals", variable = "iam:PermissionsBoundary", values = [local.boundary_arn] }]
    }
    KeepRoles = {
      why = "whom a role trusts, its tags, and its end"
      actions = [
        "iam:DeleteRole",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ]
      resources = [local.role_arn]
    }
    HandRolesOver = {
      why        = "to functions and to CodeDeploy, and to nobody else"
      actions    = ["iam:PassRole"]
      resources  = [local.role_arn]
      conditions = [{ test = "StringEquals", variable = "iam:PassedToService", values = ["codedeploy.amazonaws.com", "lambda.amazonaws.com"] }]
    }
    MakeGatewaysRole = {
      why        = "API Gateway makes a role of its own for itself with the account's first API, on its caller's behalf"
      actions    = ["iam:CreateServiceLinkedRole"]
      resources  = ["${local.iam_arn}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway"]
      conditions = [{ test = "StringEquals", variable = "iam:AWSServiceName", values = ["ops.apigateway.amazonaws.com"] }]
    }
  }
}
