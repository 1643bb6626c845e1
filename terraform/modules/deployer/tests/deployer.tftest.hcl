# The real provider with keys that open nothing: a plan evaluates policy documents and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  account_id        = "123456789012"
  aws_region        = "eu-central-1"
  environment       = "prod"
  github            = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", repository = "example/coachwork" }
  prefix            = "coachwork"
  state_bucket_name = "coachwork-state-123456789012-eu-central-1"
}

run "lets_one_environments_jobs_in" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this[0].assume_role_policy).Statement == [
      {
        Sid       = "AssumedByGitHub"
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
        Condition = {
          StringEquals = {
            "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
            "token.actions.githubusercontent.com:sub" = "repo:example/coachwork:environment:prod"
          }
        }
      },
    ]
    error_message = "Jobs of one repository's one environment take the role, and nobody else."
  }

  assert {
    condition     = aws_iam_role.this[0].name == "coachwork-deploy-prod-eu-central-1" && aws_iam_role.this[0].max_session_duration == 3600
    error_message = "For an hour."
  }
}

run "allows_what_is_written_out" {
  command = plan

  assert {
    condition     = keys(output.policies_json) == ["api", "delivery", "functions", "operations", "roles", "storage"]
    error_message = "What is not asked for is not allowed: no domain, no network, no firewall."
  }

  assert {
    condition = alltrue(flatten([
      for document in values(output.policies_json) : [
        for statement in jsondecode(document).Statement : [
          for action in flatten([statement.Action]) : !strcontains(action, "*") if statement.Effect == "Allow"
        ]
      ]
    ]))
    error_message = "Actions are written out."
  }

  assert {
    condition = toset(flatten([
      for document in values(output.policies_json) : [
        for statement in jsondecode(document).Statement : statement.Sid if statement.Effect == "Allow" && contains(flatten([statement.Resource]), "*")
      ]
    ])) == toset(["DeliverAccessLogs", "FindLogs", "KeepSubscriptions", "MakeKeys", "ReadMetrics", "StopReleases"])
    error_message = "Few statements are about any resource, and each says why."
  }

  assert {
    condition = alltrue(flatten([
      for document in values(output.policies_json) : [
        for statement in jsondecode(document).Statement : [
          for resource in flatten([statement.Resource]) : strcontains(resource, "coachwork") || anytrue([for service in ["apigateway", "kms"] : startswith(resource, "arn:aws:${service}:")])
          || endswith(resource, "deploymentconfig:CodeDeployDefault.Lambda*") || endswith(resource, "AWSServiceRoleForAPIGateway")
        ] if !contains(flatten([statement.Resource]), "*")
      ]
    ]))
    error_message = "What has a name is bound by it."
  }

  assert {
    condition = alltrue(flatten([
      for document in values(output.policies_json) : [
        for statement in jsondecode(document).Statement : [
          for resource in flatten([statement.Resource]) : !strcontains(resource, "-dev") && !strcontains(resource, "-staging")
        ]
      ]
    ]))
    error_message = "Another environment's things are not named."
  }

  assert {
    condition     = alltrue([for document in values(output.policies_json) : length(jsonencode(jsondecode(document))) <= 6144]) && length(output.policies_json) <= 10
    error_message = "A policy has 6,144 characters at most, and a role ten policies."
  }

  assert {
    condition     = alltrue(flatten([for statements in values(output.statements) : [for why in values(statements) : length(why) > 20]]))
    error_message = "Each statement says why."
  }
}

run "makes_bounded_roles_alone" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(output.policies_json["roles"]).Statement : statement if statement.Sid == "MakeBoundedRoles"
      ] == [{
        Sid       = "MakeBoundedRoles"
        Effect    = "Allow"
        Action    = ["iam:PutRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:CreateRole"]
        Resource  = "arn:aws:iam::123456789012:role/coachwork-prod-*-eu-central-1"
        Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/coachwork-boundary-prod-eu-central-1" } }
    }]
    error_message = "A role is made, and given policies, with the environment's boundary alone."
  }

  assert {
    condition = [
      for statement in jsondecode(output.policies_json["roles"]).Statement : statement.Condition if statement.Sid == "HandRolesOver"
    ] == [{ StringEquals = { "iam:PassedToService" = ["codedeploy.amazonaws.com", "lambda.amazonaws.com"] } }]
    error_message = "Roles are handed to Lambda and CodeDeploy alone."
  }

  assert {
    condition = length(setintersection(
      flatten([for document in values(output.policies_json) : [for statement in jsondecode(document).Statement : statement.Action]]),
      [
        "iam:AttachRolePolicy", "iam:CreateAccessKey", "iam:CreateOpenIDConnectProvider", "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:CreateUser",
        "iam:DeleteRolePermissionsBoundary", "iam:SetDefaultPolicyVersion", "sts:AssumeRole",
      ],
    )) == 0
    error_message = "It changes no policy with a name of its own, so neither its own nor the boundary, and takes no other role."
  }

  assert {
    condition = alltrue([
      for name in [aws_iam_role.this[0].name, aws_iam_policy.boundary.name] : !startswith(name, "coachwork-prod-")
    ])
    error_message = "Its own role and the boundary have no name that it may touch."
  }
}

run "bounds_what_roles_may_do" {
  command = plan

  assert {
    condition = toset(flatten([for statement in jsondecode(output.boundary_json).Statement : statement.Action])) == toset([
      "cloudwatch:DescribeAlarms", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
      "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem", "kms:Decrypt", "kms:GenerateDataKey", "lambda:GetAlias",
      "lambda:GetProvisionedConcurrencyConfig", "lambda:InvokeFunction", "lambda:UpdateAlias", "logs:CreateLogStream", "logs:PutLogEvents", "s3:DeleteObject",
      "s3:GetObject", "s3:ListBucket", "s3:PutObject", "secretsmanager:GetSecretValue", "sqs:SendMessage", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ])
    error_message = "What functions and CodeDeploy do, and nothing of IAM."
  }

  assert {
    condition = [
      for statement in jsondecode(output.boundary_json).Statement : statement.Resource if statement.Sid == "Settings"
    ] == ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-prod-settings-??????"]
    error_message = "No role reads whom migrations connect as."
  }
}

run "keeps_to_its_own_state" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies_json["delivery"]).Statement : statement.Resource if contains(["ReadState", "WriteState", "Unlock"], statement.Sid)
      ])) == toset([
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/bootstrap/applied.json",
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod-*/last-deployment.json",
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod-*/terraform.tfstate",
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod-*/terraform.tfstate.tflock",
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod/last-deployment.json",
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod/terraform.tfstate",
      "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod/terraform.tfstate.tflock",
    ])
    error_message = "State, lock and note of its own environment."
  }

  assert {
    condition = flatten([
      for statement in jsondecode(output.policies_json["delivery"]).Statement : statement.Resource if statement.Sid == "Unlock"
    ]) == ["arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod/terraform.tfstate.tflock", "arn:aws:s3:::coachwork-state-123456789012-eu-central-1/prod-*/terraform.tfstate.tflock"]
    error_message = "A lock goes; state is never deleted."
  }

  assert {
    condition     = [for statement in jsondecode(output.policies_json["delivery"]).Statement : statement.Sid if statement.Effect == "Deny"] == ["LeaveOtherEnvironments"]
    error_message = "What bears another environment's tag is denied."
  }
}

run "destroys_no_data_and_builds_nothing" {
  command = plan

  assert {
    condition = length(setintersection(
      flatten([for document in values(output.policies_json) : [for statement in jsondecode(document).Statement : statement.Action if statement.Effect == "Allow"]]),
      ["dynamodb:DeleteTable", "ecr:PutImage", "s3:DeleteBucket", "s3:DeleteObjectVersion", "secretsmanager:DeleteSecret"],
    )) == 0
    error_message = "Unless asked for, data stay, and images come from elsewhere."
  }
}

run "takes_options" {
  command = plan
  variables {
    builds_images    = true
    environment      = "dev"
    features         = ["domain", "network", "web_acl"]
    hosted_zone_ids  = ["Z0123456789ABCDEFGHIJ"]
    kms_key_arns     = ["arn:aws:kms:eu-central-1:123456789012:key/1"]
    may_destroy_data = true
  }

  assert {
    condition     = keys(output.policies_json) == ["api", "delivery", "domain", "functions", "network", "operations", "roles", "storage", "web-acl"]
    error_message = "What is asked for is allowed."
  }

  assert {
    condition = length(setsubtract(
      ["dynamodb:DeleteTable", "ecr:PutImage", "kms:CreateGrant", "s3:DeleteBucket", "s3:DeleteObjectVersion", "secretsmanager:DeleteSecret"],
      flatten([for document in values(output.policies_json) : [for statement in jsondecode(document).Statement : statement.Action]]),
    )) == 0
    error_message = "Data may go, images may come, keys may be used."
  }

  assert {
    condition     = alltrue([for document in values(output.policies_json) : length(jsonencode(jsondecode(document))) <= 6144]) && length(output.policies_json) <= 10
    error_message = "A policy has 6,144 characters at most, and a role ten policies."
  }

  assert {
    condition     = strcontains(output.boundary_json, "ec2:CreateNetworkInterface")
    error_message = "A function in a network has interfaces there."
  }
}

run "bounds_roles_without_github" {
  command = plan
  variables {
    github = null
  }

  assert {
    condition     = output.role_arn == null && length(aws_iam_policy.this) == 0 && aws_iam_policy.boundary.name == "coachwork-boundary-prod-eu-central-1"
    error_message = "People deploy, and what they make is bounded all the same."
  }
}

run "refuses_half_an_account" {
  command         = plan
  expect_failures = [var.account_id]
  variables {
    account_id = "123456"
  }
}

run "refuses_an_unknown_environment" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = "deploy"
  }
}

run "refuses_an_unknown_feature" {
  command         = plan
  expect_failures = [var.features]
  variables {
    features = ["everything"]
  }
}

run "refuses_any_repository" {
  command         = plan
  expect_failures = [var.github]
  variables {
    github = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", repository = "example/*" }
  }
}

run "refuses_a_domain_without_a_zone" {
  command         = plan
  expect_failures = [var.hosted_zone_ids]
  variables {
    features = ["domain"]
  }
}

run "refuses_any_key" {
  command         = plan
  expect_failures = [var.kms_key_arns]
  variables {
    kms_key_arns = ["arn:aws:kms:eu-central-1:123456789012:key/*"]
  }
}

run "refuses_capital_letters" {
  command         = plan
  expect_failures = [var.prefix]
  variables {
    prefix = "Coachwork"
  }
}
