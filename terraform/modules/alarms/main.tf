# An alarm for what users would notice, and a dashboard to look at when one rings.

locals {
  shown = [
    { metric = "Invocations", statistic = "Sum" },
    { metric = "Errors", statistic = "Sum" },
    { metric = "Throttles", statistic = "Sum" },
    { metric = "ConcurrentExecutions", statistic = "Maximum" },
    { metric = "Duration", statistic = "p99" },
  ]

  gateway_seconds = 29 # no caller waits longer, whatever a function's timeout

  # DynamoDB counts its own errors by operation alone: these are the ones in use.
  table_operations = [
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem",
  ]

  api_dimensions = var.api == null ? {} : (
    var.api.protocol == "REST"
    ? { ApiName = var.api.name, Stage = var.api.stage_name }
    : { ApiId = var.api.id, Stage = var.api.stage_name }
  )
  api_metrics = var.api == null ? {} : {
    errors  = var.api.protocol == "REST" ? "5XXError" : "5xx"
    latency = "Latency"
  }
}

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  for_each = var.functions

  alarm_name          = "${each.key}-errors"
  alarm_description   = "Invocations of ${each.key} end in an error of the function's, which callers see as 502."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.key }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.errors
  period              = var.period_seconds
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns
}

resource "aws_cloudwatch_metric_alarm" "function_throttles" {
  for_each = var.functions

  alarm_name          = "${each.key}-throttles"
  alarm_description   = "More callers of ${each.key} than its reserved concurrency lets run; they are answered 429."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = each.key }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.throttles
  period              = var.period_seconds
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns
}

resource "aws_cloudwatch_metric_alarm" "function_duration" {
  for_each = var.functions

  alarm_name          = "${each.key}-duration"
  alarm_description   = "One invocation in a hundred of ${each.key} comes close to the time its callers wait."
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = each.key }
  extended_statistic  = "p99"
  comparison_operator = "GreaterThanThreshold"
  threshold           = min(each.value.timeout_seconds, local.gateway_seconds) * 10 * var.thresholds.duration_percent
  period              = var.period_seconds
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns
}

resource "aws_cloudwatch_metric_alarm" "api" {
  for_each = local.api_metrics

  alarm_name = "${var.name}-api-gateway-${each.key}" # a function may be called api
  alarm_description = (
    each.key == "errors" ? "The API answers 5xx more often than it should." : "Answers of the API take long."
  )
  namespace           = "AWS/ApiGateway"
  metric_name         = each.value
  dimensions          = local.api_dimensions
  statistic           = each.key == "errors" ? "Average" : null # of zeros and ones: the share of answers
  extended_statistic  = each.key == "latency" ? "p95" : null
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.key == "errors" ? var.thresholds.api_error_percent / 100 : var.thresholds.api_latency_milliseconds
  period              = var.period_seconds
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns
}

resource "aws_cloudwatch_metric_alarm" "table_errors" {
  for_each = toset(var.tables)

  alarm_name          = "${each.key}-table-errors" # a function may have the table's name
  alarm_description   = "DynamoDB fails requests to ${each.key}; callers are told to come back later."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.errors
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns

  metric_query {
    id          = "total"
    expression  = "SUM(METRICS())"
    label       = "total"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = toset(local.table_operations)

    content {
      id = lower(metric_query.value)

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = "SystemErrors"
        dimensions  = { Operation = metric_query.value, TableName = each.key }
        period      = var.period_seconds
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "table_throttles" {
  for_each = toset(var.tables)

  alarm_name          = "${each.key}-table-throttles" # a function may have the table's name
  alarm_description   = "More is read from ${each.key} or written to it, under one key or at once, than DynamoDB lets through."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.throttles
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns

  metric_query {
    id          = "total"
    expression  = "SUM(METRICS())"
    label       = "total"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = toset(["ReadThrottleEvents", "WriteThrottleEvents"])

    content {
      id = lower(metric_query.value)

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = metric_query.value
        dimensions  = { TableName = each.key }
        period      = var.period_seconds
        stat        = "Sum"
      }
    }
  }
}

data "aws_region" "this" {}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for index, shown in local.shown : {
        type   = "metric"
        width  = 8
        height = 6
        x      = index % 3 * 8
        y      = floor(index / 3) * 6
        properties = {
          title  = shown.metric
          region = data.aws_region.this.name
          period = var.period_seconds
          stat   = shown.statistic
          metrics = [
            for function in keys(var.functions) : ["AWS/Lambda", shown.metric, "FunctionName", function]
          ]
        }
      }
    ]
  })
}
