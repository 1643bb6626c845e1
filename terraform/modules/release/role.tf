# What CodeDeploy may do here. AWS's own policy for it (AWSCodeDeployRoleForLambdaLimited) moves any function's
# alias, and reads revisions from S3 and calls hooks, of which we have neither: this is bound to our functions.

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "AssumedByCodeDeploy"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codedeploy.amazonaws.com"]
    }

    # On behalf of this account, not of another's that names this role.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = distinct([for function in values(var.functions) : split(":", function.arn)[4]])
    }
  }
}

data "aws_iam_policy_document" "permissions" {
  #checkov:skip=CKV_AWS_356:only reading alarms is about any resource: AWS's own policy for CodeDeploy allows as much
  statement {
    sid       = "MoveAliases"
    actions   = ["lambda:GetAlias", "lambda:UpdateAlias"]
    resources = flatten([for function in values(var.functions) : [function.arn, "${function.arn}:${function.alias_name}"]])
  }

  statement {
    sid       = "AwaitProvisionedConcurrency"
    actions   = ["lambda:GetProvisionedConcurrencyConfig"]
    resources = [for function in values(var.functions) : "${function.arn}:*"] # of the alias, and of its version
  }

  statement {
    sid       = "WatchAlarms" # any resource, as in AWS's own policy: it may ask for more alarms than ours at once
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}-release-${split(":", values(var.functions)[0].arn)[3]}" # an account has it once for all regions
  description          = "CodeDeploy moves the aliases of ${var.name}'s functions as this role"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "this" {
  name   = "statements"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.permissions.json
}
