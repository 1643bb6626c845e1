# Whom alarms and the budget are told to: a topic, encrypted with a key of its own, for CloudWatch and AWS Budgets may
# not use the one AWS manages for SNS.

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  partition  = data.aws_partition.this.partition
  topic_name = "${var.name}-alarms"
  topic_arn  = "arn:${local.partition}:sns:${data.aws_region.this.name}:${var.account_id}:${local.topic_name}"

  # Who publishes, and for what of this account alone.
  publishers = {
    CloudWatch = {
      service    = "cloudwatch.amazonaws.com"
      source_arn = "arn:${local.partition}:cloudwatch:${data.aws_region.this.name}:${var.account_id}:alarm:${var.name}-*"
    }
    Budgets = {
      service    = "budgets.amazonaws.com"
      source_arn = "arn:${local.partition}:budgets::${var.account_id}:*"
    }
  }
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:a key's policy speaks of that key alone, and gives its own account the say over it
  #checkov:skip=CKV_AWS_111:a key's policy speaks of that key alone, and gives its own account the say over it
  #checkov:skip=CKV_AWS_356:a key's policy speaks of that key alone: there is no other resource to name
  statement {
    sid       = "OwnedByAccount"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${var.account_id}:root"]
    }
  }

  statement {
    sid       = "UsedByPublishers"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = sort(values(local.publishers)[*].service)
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "Encrypts what is told of ${var.name}'s alarms"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_sns_topic" "this" {
  name              = local.topic_name
  kms_master_key_id = aws_kms_key.this.arn
}

data "aws_iam_policy_document" "topic" {
  dynamic "statement" {
    for_each = local.publishers

    content {
      sid       = "ToldBy${statement.key}"
      actions   = ["sns:Publish"]
      resources = [local.topic_arn]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [var.account_id]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = [statement.value.source_arn]
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  arn    = aws_sns_topic.this.arn
  policy = data.aws_iam_policy_document.topic.json
}

# Whoever is named gets a mail to confirm; until then nothing is told to them.
resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}

# What the account spends in a month. AWS reckons it some times a day, so it says what became of a month, not of a minute.
resource "aws_budgets_budget" "this" {
  count = var.monthly_budget == null ? 0 : 1

  name         = "${var.name}-monthly-${data.aws_region.this.name}" # an account has it once for all regions
  budget_type  = "COST"
  limit_amount = var.monthly_budget.amount_usd
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "cost_filter" {
    for_each = var.monthly_budget.tag == null ? [] : [var.monthly_budget.tag]

    content {
      name   = "TagKeyValue"
      values = [format("user:%s$%s", cost_filter.value.name, cost_filter.value.value)]
    }
  }

  dynamic "notification" {
    for_each = [{ type = "ACTUAL", percent = 80 }, { type = "ACTUAL", percent = 100 }, { type = "FORECASTED", percent = 100 }]

    content {
      notification_type         = notification.value.type
      comparison_operator       = "GREATER_THAN"
      threshold                 = notification.value.percent
      threshold_type            = "PERCENTAGE"
      subscriber_sns_topic_arns = [aws_sns_topic.this.arn]
    }
  }

  depends_on = [aws_sns_topic_policy.this]
}
