# The most that any role made for the environment may do, whatever its policies say: functions and CodeDeploy. Whoever
# deploys makes roles with this boundary alone, and cannot change it, so gets nowhere by making one.

data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "Settings" # and no other secret: the one for migrations is for deployments
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["${local.arns.secretsmanager}:secret:${local.name}-settings-??????"]
  }

  statement {
    sid       = "Tables"
    actions   = local.item_actions
    resources = ["${local.arns.dynamodb}:table/${local.name}-*"]
  }

  statement {
    sid     = "Objects"
    actions = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    resources = [
      local.bucket_arn,
      "${local.bucket_arn}/*",
    ]
  }

  statement {
    sid       = "Functions"
    actions   = ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:InvokeFunction", "lambda:UpdateAlias"]
    resources = ["${local.arns.lambda}:function:${local.name}-*"]
  }

  statement {
    sid       = "Messages"
    actions   = ["sqs:SendMessage"]
    resources = ["${local.arns.sqs}:${local.name}-*"]
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.arns.logs}:log-group:/aws/lambda/${local.name}-*"]
  }

  statement {
    sid       = "Keys" # which, a role's own policy and the key's say
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["${local.arns.kms}:key/*"]
  }

  statement {
    sid       = "Observing" # these know no resources, or are asked for all at once
    actions   = ["cloudwatch:DescribeAlarms", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }

  # Lambda puts a function into a network as the function's role, and these know no resources.
  dynamic "statement" {
    for_each = contains(var.features, "network") ? ["Network"] : []

    content {
      sid = statement.value
      actions = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]
    }
  }
}

resource "aws_iam_policy" "boundary" {
  name        = local.boundary_name
  description = "The most that any role of ${local.name} may do"
  policy      = data.aws_iam_policy_document.boundary.json
}

locals {
  item_actions = [
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ]
}
