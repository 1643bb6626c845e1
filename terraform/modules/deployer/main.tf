# Who deploys one environment: a role that jobs of GitHub's take, and whose policies are what applying the root takes
# for things named after the environment, and no more. The statements stand in the other files, by what they are about.

locals {
  name = "${var.prefix}-${var.environment}"

  # What an ARN of the region begins with, by service.
  arns = {
    for service in ["acm", "cloudwatch", "codedeploy", "dynamodb", "ec2", "ecr", "kms", "lambda", "logs", "secretsmanager", "sns", "sqs", "wafv2"] :
    service => "arn:${var.partition}:${service}:${var.aws_region}:${var.account_id}"
  }
  iam_arn       = "arn:${var.partition}:iam::${var.account_id}"
  gateway_arn   = "arn:${var.partition}:apigateway:${var.aws_region}::"
  boundary_name = "${var.prefix}-boundary-${var.environment}-${var.aws_region}" # not ${local.name}: whoever deploys may change what is called so
  boundary_arn  = "${local.iam_arn}:policy/${local.boundary_name}"
  state_arn     = "arn:${var.partition}:s3:::${var.state_bucket_name}"

  # A policy has 6,144 characters at most, and a role ten policies.
  policies = {
    for noun, statements in {
      api        = local.api_statements
      delivery   = merge(local.delivery_statements, { for sid, statement in local.build_statements : sid => statement if var.builds_images })
      domain     = { for sid, statement in local.domain_statements : sid => statement if contains(var.features, "domain") }
      functions  = local.function_statements
      network    = { for sid, statement in local.network_statements : sid => statement if contains(var.features, "network") }
      operations = local.operation_statements
      roles      = local.role_statements
      storage = merge(
        local.storage_statements,
        { for sid, statement in local.destruction_statements : sid => statement if var.may_destroy_data },
        { for sid, statement in local.key_statements : sid => statement if length(var.kms_key_arns) > 0 },
      )
      web-acl = { for sid, statement in local.web_acl_statements : sid => statement if contains(var.features, "web_acl") }
    } : noun => statements if length(statements) > 0
  }
}

data "aws_iam_policy_document" "trust" {
  #checkov:skip=CKV_AWS_358:the claim is repo:OWNER/NAME:environment:NAME, validated to have no wildcard; the scanner cannot evaluate it
  count = var.github == null ? 0 : 1

  statement {
    sid     = "AssumedByGitHub"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.github.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    # An environment has reviewers and branches; a pull request's token names none.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.github.repository}:environment:${var.environment}"]
    }
  }
}

data "aws_iam_policy_document" "this" {
  for_each = local.policies

  dynamic "statement" {
    for_each = each.value

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = try(statement.value.conditions, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  # Where a service tells of what it is asked about whose it is, another environment's is out of reach, whatever its name.
  dynamic "statement" {
    for_each = each.key == "delivery" ? ["LeaveOtherEnvironments"] : []

    content {
      sid       = statement.value
      effect    = "Deny"
      actions   = ["*"] # a denial is the one place for a wildcard
      resources = ["*"]

      condition {
        test     = "StringEquals"
        variable = "aws:ResourceTag/Application"
        values   = [var.prefix]
      }

      condition {
        test     = "Null"
        variable = "aws:ResourceTag/Environment"
        values   = ["false"]
      }

      condition {
        test     = "StringNotEquals"
        variable = "aws:ResourceTag/Environment"
        values   = [var.environment]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.github == null ? 0 : 1

  name                 = "${var.prefix}-deploy-${var.environment}-${var.aws_region}"
  description          = "What jobs of ${var.github.repository} in the environment ${var.environment} may do"
  assume_role_policy   = data.aws_iam_policy_document.trust[0].json
  max_session_duration = 3600
}

resource "aws_iam_policy" "this" {
  for_each = { for noun, statements in local.policies : noun => statements if var.github != null }

  name        = "${var.prefix}-deploy-${var.environment}-${each.key}-${var.aws_region}"
  description = "What deploying ${local.name} takes: ${each.key}"
  policy      = data.aws_iam_policy_document.this[each.key].json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = aws_iam_policy.this

  role       = aws_iam_role.this[0].name
  policy_arn = each.value.arn
}
