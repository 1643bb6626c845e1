# What rings, as a table: a row an alarm, and one resource that makes them all. Those a release stands or falls by look
# once a minute, at what comes through the alias; the others may take five.

locals {
  # A row that does not say otherwise: one metric, its sum over five minutes, more than none.
  usual = {
    comparison  = "GreaterThanThreshold"
    datapoints  = null # of `periods`; all of them
    dimensions  = {}
    expression  = null # over `metrics`, in place of one metric
    is_release  = false
    metric      = null
    metrics     = {}
    namespace   = null
    percentile  = null # in place of the statistic
    period      = 300
    periods     = 1
    statistic   = "Sum"
    threshold   = 0
    of_function = null
  }

  alarms = {
    for name, alarm in merge(local.function_alarms, local.api_alarms, local.queue_alarms, local.table_alarms, local.token_alarms) :
    name => merge(local.usual, alarm)
  }

  function_alarms = merge([
    for function, watched in var.functions : {
      for noun, alarm in local.function_rows[function] :
      "${function}-${noun}" => merge({ namespace = "AWS/Lambda", dimensions = { FunctionName = function }, of_function = function }, alarm)
      if noun != "concurrency" || watched.reserved_concurrency > 1 # one at a time is always at its limit, and -1 has none
    }
  ]...)

  function_rows = {
    for function, watched in var.functions : function => {
      concurrency = {
        description = "Nearly as many requests run in ${function} at once as its reserved concurrency lets; more are answered 429."
        metric      = "ConcurrentExecutions"
        statistic   = "Maximum"
        comparison  = "GreaterThanOrEqualToThreshold"
        threshold   = ceil(watched.reserved_concurrency * var.thresholds.concurrency_percent / 100)
        period      = 60
        periods     = 5
        datapoints  = 3
      }
      dropped = {
        description = "Asynchronous work of ${function} was given up: its tries are used up, or it waited too long."
        metric      = "AsyncEventsDropped"
      }
      duration = {
        description = "One invocation in twenty of ${function} comes close to its timeout, which ends it."
        is_release  = true
        metric      = "Duration"
        dimensions  = { FunctionName = function, Resource = "${function}:${watched.alias_name}" }
        percentile  = "p95"
        threshold   = watched.timeout_seconds * 10 * var.thresholds.duration_percent # milliseconds
        period      = 60
        periods     = 3
      }
      errors = {
        description = "Invocations of ${function} end in an error of the function's own (a crash, its timeout, its memory), which callers see as 502."
        is_release  = true
        metric      = "Errors"
        dimensions  = { FunctionName = function, Resource = "${function}:${watched.alias_name}" }
        threshold   = var.thresholds.errors
        period      = 60
      }
      throttles = {
        description = "${function} was called more often at once than its reserved concurrency lets it run; callers are answered 429."
        metric      = "Throttles"
        threshold   = var.thresholds.throttles
      }
      undelivered = {
        description = "Work that ${function} gave up could not even be put among the dead letters: it is lost."
        expression  = "SUM(METRICS())"
        metrics = {
          for metric in ["DeadLetterErrors", "DestinationDeliveryFailures"] :
          lower(metric) => { metric = metric, dimensions = { FunctionName = function } }
        }
      }
    }
  }

  # A function may be called api, hence the longer names.
  api_alarms = { for noun, alarm in local.api_rows : "${var.name}-api-gateway-${noun}" => alarm if var.api != null }

  api_rows = {
    errors         = merge(local.api_errors, { is_release = true, period = 60 })
    errors-lasting = merge(local.api_errors, { period = 900 })
    latency = {
      description = "One answer of the API in twenty takes long; nobody is answered after 29 seconds."
      is_release  = true
      namespace   = "AWS/ApiGateway"
      metric      = "Latency"
      dimensions  = local.api_dimensions
      percentile  = "p95"
      threshold   = var.thresholds.api_latency_milliseconds
      period      = 60
      periods     = 3
    }
  }

  # The share of answers that are 5xx, where there are some: a single one, at night say, is no share.
  api_errors = {
    description = "The API answers 5xx more often than it should."
    namespace   = "AWS/ApiGateway"
    expression  = "IF(errors >= ${var.thresholds.api_errors_minimum}, 100 * errors / requests, 0)"
    threshold   = var.thresholds.api_error_percent
    metrics = {
      errors   = { metric = local.is_rest ? "5XXError" : "5xx", dimensions = local.api_dimensions }
      requests = { metric = "Count", dimensions = local.api_dimensions, statistic = "SampleCount" }
    }
  }

  is_rest = try(var.api.protocol, null) == "REST"
  api_dimensions = (
    var.api == null ? {}
    : local.is_rest ? { ApiName = var.api.name, Stage = var.api.stage_name } : { ApiId = var.api.id, Stage = var.api.stage_name }
  )

  queue_alarms = var.dead_letter_queue_name == null ? {} : {
    (var.dead_letter_queue_name) = {
      description = "There are dead letters: work that was given up, each with the event and why."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = var.dead_letter_queue_name }
      statistic   = "Maximum"
    }
  }

  table_alarms = merge(flatten([
    for table in var.tables : [
      for noun, alarm in local.table_rows : { # a function may have the table's name, hence the longer ones
        "${table}-table-${noun}" = {
          description = "${alarm.description} (${table})"
          namespace   = "AWS/DynamoDB"
          expression  = "SUM(METRICS())"
          threshold   = alarm.threshold
          metrics     = { for id, metric in alarm.metrics : id => merge(metric, { dimensions = merge(metric.dimensions, { TableName = table }) }) }
        }
      }
    ]
  ])...)

  table_rows = {
    errors = {
      description = "DynamoDB fails requests; callers are told to come back later."
      threshold   = var.thresholds.errors
      metrics = {
        for operation in local.table_operations :
        lower(operation) => { metric = "SystemErrors", dimensions = { Operation = operation } }
      }
    }
    throttles = {
      description = "More is read or written, under one key or at once, than DynamoDB lets through."
      threshold   = var.thresholds.throttles
      metrics     = { for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] : lower(metric) => { metric = metric, dimensions = {} } }
    }
  }

  # DynamoDB counts its own errors by operation alone: these are the ones in use.
  table_operations = [
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem",
  ]

  token_alarms = var.tokens_per_day == null ? {} : {
    "${var.name}-tokens" = {
      description = "The tokens of a day come close to what all users together may have; beyond that, chats are refused until midnight, UTC."
      namespace   = "Coachwork"
      expression  = "SUM(METRICS())"
      threshold   = var.tokens_per_day * var.thresholds.tokens_percent / 100
      period      = 86400
      metrics = {
        for index, function in sort(keys(var.functions)) :
        "tokens${index}" => { metric = "Tokens", dimensions = { function = function } }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = "${each.value.description} See docs/runbook.md."
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.datapoints
  treat_missing_data  = "notBreaching" # nobody calls at night, and that is no fault
  alarm_actions       = var.notify_arns
  ok_actions          = var.notify_arns

  # one metric
  namespace          = each.value.expression == null ? each.value.namespace : null
  metric_name        = each.value.metric
  dimensions         = each.value.expression == null ? each.value.dimensions : null
  statistic          = each.value.expression == null && each.value.percentile == null ? each.value.statistic : null
  extended_statistic = each.value.percentile
  period             = each.value.expression == null ? each.value.period : null

  # or several, and what is made of them
  dynamic "metric_query" {
    for_each = each.value.expression == null ? {} : { value = each.value.expression }

    content {
      id          = metric_query.key
      expression  = metric_query.value
      label       = each.key
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id = metric_query.key

      metric {
        namespace   = each.value.namespace
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        period      = each.value.period
        stat        = try(metric_query.value.statistic, each.value.statistic)
      }
    }
  }
}
