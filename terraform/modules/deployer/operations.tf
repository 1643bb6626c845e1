# Logs, alarms, whom they are told to, dead letters and the budget.

locals {
  operation_statements = {
    KeepLogs = {
      why = "the log groups of functions, the API and its firewall, and what is read from them"
      actions = [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteMetricFilter",
        "logs:DescribeMetricFilters",
        "logs:DisassociateKmsKey",
        "logs:FilterLogEvents",
        "logs:ListTagsForResource",
        "logs:PutMetricFilter",
        "logs:PutRetentionPolicy",
        "logs:StartQuery",
        "logs:TagResource",
        "logs:UntagResource",
      ]
      resources = flatten([
        for group in ["/aws/lambda/${local.name}-", "/aws/apigateway/${local.name}", "aws-waf-logs-${local.name}"] : "${local.arns.logs}:log-group:${group}*"
      ])
    }
    FindLogs = {
      why = "log groups by the beginning of their name, and questions kept for them; these know no resources"
      actions = [
        "logs:DeleteQueryDefinition",
        "logs:DescribeLogGroups",
        "logs:DescribeQueryDefinitions",
        "logs:GetQueryResults",
        "logs:PutQueryDefinition",
      ]
      resources = ["*"]
    }
    KeepAlarms = {
      why = "the environment's alarms and its dashboard"
      actions = [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DeleteDashboards",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetDashboard",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutDashboard",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ]
      resources = [
        "${local.arns.cloudwatch}:alarm:${local.name}-*",
        "arn:${var.partition}:cloudwatch::${var.account_id}:dashboard/${local.name}*",
      ]
    }
    ReadMetrics = {
      why       = "what status and tuning are told by; metrics know no resources"
      actions   = ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"]
      resources = ["*"]
    }
    KeepTopics = {
      why = "whom alarms are told to"
      actions = [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:UntagResource",
      ]
      resources = ["${local.arns.sns}:${local.name}-*"]
    }
    KeepSubscriptions = {
      why       = "each subscription of the topic; these know no resources"
      actions   = ["sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"]
      resources = ["*"]
    }
    KeepQueues = {
      why = "the queue of dead letters"
      actions = [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ListQueueTags",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ]
      resources = ["${local.arns.sqs}:${local.name}-*"]
    }
    MakeKeys = {
      why        = "the topic's key, tagged as it is made; a key's id is random"
      actions    = ["kms:CreateKey", "kms:TagResource"]
      resources  = ["*"]
      conditions = [{ test = "StringEquals", variable = "aws:RequestTag/Environment", values = [var.environment] }]
    }
    KeepKeys = {
      why = "keys that bear the environment's tag"
      actions = [
        "kms:DescribeKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
      ]
      resources  = ["${local.arns.kms}:key/*"]
      conditions = [{ test = "StringEquals", variable = "aws:ResourceTag/Environment", values = [var.environment] }]
    }
    KeepBudget = {
      why       = "what the environment may cost in a month, and who is told"
      actions   = ["budgets:ListTagsForResource", "budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource", "budgets:ViewBudget"]
      resources = ["arn:${var.partition}:budgets::${var.account_id}:budget/${local.name}-*"]
    }
  }
}
