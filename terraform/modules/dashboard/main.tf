# What to look at when an alarm rings, and on a Monday: one dashboard, in rows of three. queries.tf has the questions to
# ask of the logs.

data "aws_region" "this" {}

locals {
  region    = data.aws_region.this.name
  functions = sort(keys(var.functions))
  width     = 8
  height    = 6

  # Each row: up to three graphs. One that would have nothing to show is left out.
  rows = concat(
    [local.api_row, local.calls_row, local.times_row, local.release_row, local.later_row, local.token_row],
    [for row in [local.table_row] : row if length(var.tables) > 0],
    [for row in [local.bucket_row] : row if length(var.buckets) > 0],
  )

  api_row = [
    {
      title   = "Requests and refusals"
      stat    = "Sum"
      metrics = [for metric in local.api_metrics : concat(["AWS/ApiGateway", metric], local.api_dimensions, [{ stat = metric == "Count" ? "SampleCount" : "Sum" }])]
    },
    {
      title = "Latency of answers (ms)"
      stat  = "p95"
      metrics = [
        for stat in ["p50", "p95", "p99"] : concat(["AWS/ApiGateway", "Latency"], local.api_dimensions, [{ stat = stat, label = stat }])
      ]
    },
    {
      title  = "Alarms"
      alarms = var.alarm_arns
    },
  ]
  api_metrics    = var.api.protocol == "REST" ? ["Count", "4XXError", "5XXError"] : ["Count", "4xx", "5xx"]
  api_dimensions = var.api.protocol == "REST" ? ["ApiName", var.api.name, "Stage", var.api.stage_name] : ["ApiId", var.api.id, "Stage", var.api.stage_name]

  calls_row = [
    { title = "Invocations", stat = "Sum", metrics = [for function in local.functions : ["AWS/Lambda", "Invocations", "FunctionName", function]] },
    {
      title = "Errors and throttles"
      stat  = "Sum"
      metrics = concat([
        for metric in ["Errors", "Throttles"] : [for function in local.functions : ["AWS/Lambda", metric, "FunctionName", function]]
      ]...)
    },
    {
      title   = "Concurrency"
      stat    = "Maximum"
      metrics = [for function in local.functions : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", function]]
      annotations = {
        horizontal = [
          for function in local.functions : { label = "reserved: ${function}", value = var.functions[function].reserved_concurrency }
          if var.functions[function].reserved_concurrency > 0
        ]
      }
    },
  ]

  times_row = [
    {
      title = "Duration (ms)"
      stat  = "p95"
      metrics = concat([
        for stat in ["p50", "p95"] : [
          for function in local.functions : ["AWS/Lambda", "Duration", "FunctionName", function, { stat = stat, label = "${function} ${stat}" }]
        ]
      ]...)
    },
    { title = "Cold starts (init duration)", query = local.queries["cold-starts"] },
    { title = "Slowest routes", query = local.queries["slowest-routes"] },
  ]

  # The versions a release shifts between: the third dimension is there while the alias has two.
  release_row = [
    for title, metric in { "Release: calls by version" = "Invocations", "Release: errors by version" = "Errors", "Release: duration by version (p95, ms)" = "Duration" } : {
      title                                            = title
      stat                                             = metric == "Duration" ? "p95" : "Sum"
      metrics = [
        for index, function in local.functions : [{
          id         = "v${index}"
          expression = "SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName=\"${metric}\" FunctionName=\"${function}\"', '${metric == "Duration" ? "p95" : "Sum"}', 60)"
        }]
      ]
    }
  ]

  later_row = [
    {
      title = "Asynchronous work"
      stat  = "Sum"
      metrics = concat([
        for metric in ["AsyncEventsReceived", "AsyncEventsDropped"] : [for function in local.functions : ["AWS/Lambda", metric, "FunctionName", function]]
      ]...)
    },
    {
      title   = "How long it waited (ms)"
      stat    = "Maximum"
      metrics = [for function in local.functions : ["AWS/Lambda", "AsyncEventAge", "FunctionName", function]]
    },
    {
      title   = "Dead letters"
      stat    = "Maximum"
      metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letter_queue_name]]
    },
  ]

  token_row = [
    {
      title   = "Tokens by service and model"
      stat    = "Sum"
      period  = 3600
      metrics = [for kind in local.token_kinds : [{ id = lower(kind), expression = "SEARCH('{Coachwork,function,model,service} MetricName=\"${kind}\" (${local.any_function})', 'Sum', 3600)" }]]
    },
    {
      title   = "Tokens of a day, of all users"
      stat    = "Sum"
      period  = 86400
      metrics = [for function in local.functions : ["Coachwork", "Tokens", "function", function]]
      annotations = {
        horizontal = var.tokens_per_day == null ? [] : [{ label = "all users may have", value = var.tokens_per_day }]
      }
    },
    local.money,
  ]
  token_kinds  = ["InputTokens", "OutputTokens", "EmbeddingTokens"]
  any_function = join(" OR ", [for function in local.functions : "function=\"${function}\""])

  # With prices of tokens, what they came to each day; without, what AWS reckons (known in us-east-1 alone, and told only
  # to accounts that asked for billing alerts).
  money = one([for money in local.moneys : money if money.is_known == (var.token_prices != null)])
  moneys = [
    {
      is_known = false
      title    = "AWS: the month so far (USD)"
      region   = "us-east-1"
      stat     = "Maximum"
      period   = 21600
      metrics  = [["AWS/Billing", "EstimatedCharges", "Currency", "USD"]]
    },
    {
      is_known = true
      title    = "Tokens of a day (USD)"
      region   = local.region
      stat     = "Sum"
      period   = 86400
      metrics = [
        for kind, price in local.token_prices : [{
          id         = lower(kind)
          label      = kind
          expression = "SUM(SEARCH('{Coachwork,function,model,service} MetricName=\"${kind}\" (${local.any_function})', 'Sum', 86400)) * ${price} / 1000000"
        }]
      ]
    },
  ]
  token_prices = {
    EmbeddingTokens = try(var.token_prices.embedding, 0)
    InputTokens     = try(var.token_prices.input, 0)
    OutputTokens    = try(var.token_prices.output, 0)
  }

  table_row = [
    {
      title = "DynamoDB: capacity used"
      stat  = "Sum"
      metrics = concat([
        for metric in ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"] : [for table in var.tables : ["AWS/DynamoDB", metric, "TableName", table]]
      ]...)
    },
    {
      title = "DynamoDB: throttled"
      stat  = "Sum"
      metrics = concat([
        for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] : [for table in var.tables : ["AWS/DynamoDB", metric, "TableName", table]]
      ]...)
    },
    {
      title = "DynamoDB: latency (ms)"
      stat  = "Average"
      metrics = concat([
        for operation in ["GetItem", "Query", "TransactWriteItems"] :
        [for table in var.tables : ["AWS/DynamoDB", "SuccessfulRequestLatency", "TableName", table, "Operation", operation]]
      ]...)
    },
  ]

  bucket_row = [
    { title = "S3: what arrived", query = local.queries["arrivals"] },
    {
      title   = "S3: objects"
      stat    = "Average"
      period  = 86400
      metrics = [for bucket in var.buckets : ["AWS/S3", "NumberOfObjects", "BucketName", bucket, "StorageType", "AllStorageTypes"]]
    },
    {
      title   = "S3: bytes"
      stat    = "Average"
      period  = 86400
      metrics = [for bucket in var.buckets : ["AWS/S3", "BucketSizeBytes", "BucketName", bucket, "StorageType", "StandardStorage"]]
    },
  ]

  # How CloudWatch wants each: a graph, a question to the logs, or the state of alarms.
  widgets = flatten([
    for y, row in local.rows : [
      for x, shown in row : merge(
        { width = local.width, height = local.height, x = x * local.width, y = y * local.height },
        can(shown.query) ? {
          type       = "log"
          properties = { title = shown.title, region = local.region, query = "${local.sources} | ${shown.query}", view = "table" }
        } : null,
        can(shown.alarms) ? { type = "alarm", properties = { title = shown.title, alarms = shown.alarms } } : null,
        can(shown.metrics) ? {
          type = "metric"
          properties = {
            title       = shown.title
            region      = try(shown.region, local.region)
            period      = try(shown.period, 60)
            stat        = shown.stat
            view        = "timeSeries"
            metrics     = shown.metrics
            annotations = try(shown.annotations, {})
          }
        } : null,
      )
    ]
  ])
  sources = join(" | ", [for function in local.functions : "SOURCE '${var.functions[function].log_group_name}'"])
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.name}-${local.region}" # an account's dashboards are shown in every region
  dashboard_body = jsonencode({ widgets = local.widgets })
}
