# What pull requests may do: compare what they would make with the state of what there is. Their code runs with this
# role before anybody has read it, so it reads no secret, no data and nothing of what is deployed: a plan of theirs is
# made with -refresh=false and -lock=false.

data "aws_iam_policy_document" "plan_trust" {
  #checkov:skip=CKV_AWS_358:the claim is repo:OWNER/NAME:pull_request, validated to have no wildcard; the scanner cannot evaluate it
  count = var.github_repository == null ? 0 : 1

  statement {
    sid     = "AssumedByPullRequests"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.github_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github_url}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github_url}:sub"
      values   = ["repo:${var.github_repository}:pull_request"]
    }
  }
}

data "aws_iam_policy_document" "plan" {
  count = var.github_repository == null ? 0 : 1

  statement {
    sid       = "FindState"
    actions   = ["s3:ListBucket"]
    resources = [local.state_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = concat(["bootstrap/applied.json", "env:/"], flatten([for environment in keys(var.environments) : ["${environment}/*", "${environment}-*"]]))
    }
  }

  statement {
    sid     = "ReadState" # which holds no secret: those are written and never kept
    actions = ["s3:GetObject"]
    resources = concat(["${local.state_arn}/bootstrap/applied.json"], flatten([
      for environment in keys(var.environments) : [
        for file in ["last-deployment.json", "terraform.tfstate"] : formatlist("${local.state_arn}/%s/${file}", [environment, "${environment}-*"])
      ]
    ]))
  }

  statement {
    sid       = "ReadImages"
    actions   = ["ecr:DescribeImages", "ecr:DescribeRepositories", "ecr:ListTagsForResource"]
    resources = ["arn:${local.partition}:ecr:${var.aws_region}:${local.account_id}:repository/${var.prefix}"]
  }

  statement {
    sid       = "ReadZones" # any resource: they are the region's, and EC2 knows no resources for reading
    actions   = ["ec2:DescribeAvailabilityZones"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      sid       = "DecryptState"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "plan" {
  count = var.github_repository == null ? 0 : 1

  name                 = "${var.prefix}-plan-${var.aws_region}"
  description          = "What pull requests of ${var.github_repository} may do: plan, without looking at what is deployed"
  assume_role_policy   = data.aws_iam_policy_document.plan_trust[0].json
  max_session_duration = 3600

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "plan" {
  count = var.github_repository == null ? 0 : 1

  name   = "plan"
  role   = aws_iam_role.plan[0].name
  policy = data.aws_iam_policy_document.plan[0].json
}
