# GitHub's jobs come with a token GitHub signs, and get an hour as this role: there are no keys to lose.

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_repository == null ? 0 : 1

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "github_trust" {
  #checkov:skip=CKV_AWS_358:the claim is repo:OWNER/NAME:environment:NAME, each validated to have no wildcard; the scanner cannot evaluate it
  count = var.github_repository == null ? 0 : 1

  statement {
    sid     = "AssumedByGitHub"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Environments have reviewers and branches; a pull request's token names none of them.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [for environment in var.github_environments : "repo:${var.github_repository}:environment:${environment}"]
    }
  }
}

data "aws_iam_policy_document" "publish" {
  count = var.github_repository == null ? 0 : 1

  statement {
    sid       = "LogIn" # any resource: the token is for all of the account's registry
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "PushImages"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = ["arn:${local.partition}:ecr:${var.aws_region}:${local.account_id}:repository/${var.prefix}"]
  }

  statement {
    sid       = "ListState"
    actions   = ["s3:ListBucket"]
    resources = ["arn:${local.partition}:s3:::${local.state_bucket_name}"]
  }

  statement {
    sid       = "KeepState"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.state_bucket_name}/*"]
  }
}

resource "aws_iam_role" "github" {
  count = var.github_repository == null ? 0 : 1

  name                 = "${var.prefix}-github"
  description          = "What jobs of ${var.github_repository} may do"
  assume_role_policy   = data.aws_iam_policy_document.github_trust[0].json
  max_session_duration = 3600

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "github" {
  count = var.github_repository == null ? 0 : 1

  name   = "publish-and-keep-state"
  role   = aws_iam_role.github[0].name
  policy = data.aws_iam_policy_document.publish[0].json
}

# What it takes to apply the root, an account decides: policies of its own, bounded as it likes.
resource "aws_iam_role_policy_attachment" "github" {
  for_each = var.github_repository == null ? toset([]) : var.deploy_policy_arns

  role       = aws_iam_role.github[0].name
  policy_arn = each.key
}
