# The real provider with keys that open nothing: a plan evaluates policy documents and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name                   = "coachwork-dev"
  api                    = { id = "abc", name = "coachwork-dev", stage_name = "production" }
  dead_letter_queue_name = "coachwork-dev-dead-letters"
  functions              = { coachwork-dev-fitness = { timeout_seconds = 60, reserved_concurrency = 10 }, coachwork-dev-quick = { timeout_seconds = 10 } }
  notify_arns            = ["arn:aws:sns:eu-central-1:123456789012:on-call"]
  tables                 = ["coachwork-dev-documents"]
  tokens_per_day         = 2000000
}

run "watches_all" {
  command = plan

  assert {
    condition = output.alarm_names == tolist([
      "coachwork-dev-api-gateway-errors",
      "coachwork-dev-api-gateway-errors-lasting",
      "coachwork-dev-api-gateway-latency",
      "coachwork-dev-dead-letters",
      "coachwork-dev-documents-table-errors",
      "coachwork-dev-documents-table-throttles",
      "coachwork-dev-fitness-concurrency",
      "coachwork-dev-fitness-dropped",
      "coachwork-dev-fitness-duration",
      "coachwork-dev-fitness-errors",
      "coachwork-dev-fitness-throttles",
      "coachwork-dev-fitness-undelivered",
      "coachwork-dev-quick-dropped",
      "coachwork-dev-quick-duration",
      "coachwork-dev-quick-errors",
      "coachwork-dev-quick-throttles",
      "coachwork-dev-quick-undelivered",
      "coachwork-dev-tokens",
    ])
    error_message = "Every row is an alarm; only what has a limit of its own can come near it."
  }

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.this) :
      alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:123456789012:on-call"])
      && alarm.ok_actions == alarm.alarm_actions
      && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "Alarms are told, their end as well, and silence is no error."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["coachwork-dev-documents-table-errors"].metric_name == null
    error_message = "An alarm has one metric or several, never both."
  }
}

run "reacts_to_a_release_within_minutes" {
  command = plan

  assert {
    condition = output.release_alarm_names == {
      for function in ["coachwork-dev-fitness", "coachwork-dev-quick"] : function => tolist([
        "coachwork-dev-api-gateway-errors", "coachwork-dev-api-gateway-latency", "${function}-duration", "${function}-errors",
      ])
    }
    error_message = "A release stands or falls by its own function's errors and times, and by the API's."
  }

  assert {
    condition = alltrue([
      for name in flatten(values(output.release_alarm_names)) :
      coalesce(aws_cloudwatch_metric_alarm.this[name].period, try(one(distinct(flatten(aws_cloudwatch_metric_alarm.this[name].metric_query[*].metric[*].period))), 0)) == 60
      && aws_cloudwatch_metric_alarm.this[name].evaluation_periods <= 3
    ])
    error_message = "They look each minute, and ring after three at most."
  }

  assert {
    condition = aws_cloudwatch_metric_alarm.this["coachwork-dev-fitness-errors"].dimensions == tomap({
      FunctionName = "coachwork-dev-fitness", Resource = "coachwork-dev-fitness:live"
    })
    error_message = "They look at what comes through the alias: a version under test is nobody's trouble."
  }
}

run "holds_times_against_limits" {
  command = plan

  assert {
    condition = {
      for name in ["fitness", "quick"] : name => aws_cloudwatch_metric_alarm.this["coachwork-dev-${name}-duration"].threshold
    } == { fitness = 48000, quick = 8000 }
    error_message = "Durations are measured against the timeout."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["coachwork-dev-fitness-concurrency"].threshold == 8
    error_message = "Eight of ten is near the limit."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["coachwork-dev-tokens"].threshold == 1600000
    error_message = "So are four fifths of a day's tokens."
  }
}

run "wants_several_errors_for_a_share_of_them" {
  command = plan

  assert {
    condition = one([
      for query in aws_cloudwatch_metric_alarm.this["coachwork-dev-api-gateway-errors"].metric_query : query.expression if query.return_data == true
    ]) == "IF(errors >= 3, 100 * errors / requests, 0)"
    error_message = "One error at night rings nothing."
  }

  assert {
    condition = {
      for query in aws_cloudwatch_metric_alarm.this["coachwork-dev-api-gateway-errors"].metric_query :
      query.id => [query.metric[0].metric_name, query.metric[0].stat] if length(query.metric) == 1
    } == { errors = ["5XXError", "Sum"], requests = ["Count", "SampleCount"] }
    error_message = "Errors are added up, requests are counted."
  }

  assert {
    condition = alltrue([
      for query in aws_cloudwatch_metric_alarm.this["coachwork-dev-api-gateway-errors"].metric_query :
      query.metric[0].dimensions == tomap({ ApiName = "coachwork-dev", Stage = "production" }) if length(query.metric) == 1
    ])
    error_message = "A REST API is known by its name."
  }
}

run "adds_up_what_is_counted_apart" {
  command = plan

  assert {
    condition = toset([
      for query in aws_cloudwatch_metric_alarm.this["coachwork-dev-documents-table-errors"].metric_query :
      query.metric[0].dimensions if length(query.metric) == 1
      ]) == toset([
      for operation in [
        "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"
      ] : tomap({ Operation = operation, TableName = "coachwork-dev-documents" })
    ])
    error_message = "DynamoDB's errors are added up over the operations in use."
  }

  assert {
    condition = toset([
      for query in aws_cloudwatch_metric_alarm.this["coachwork-dev-documents-table-throttles"].metric_query :
      query.metric[0].metric_name if length(query.metric) == 1
    ]) == toset(["ReadThrottleEvents", "WriteThrottleEvents"])
    error_message = "Throttled reads and writes are added up."
  }

  assert {
    condition = toset([
      for query in aws_cloudwatch_metric_alarm.this["coachwork-dev-tokens"].metric_query :
      query.metric[0].dimensions.function if length(query.metric) == 1
    ]) == toset(["coachwork-dev-fitness", "coachwork-dev-quick"])
    error_message = "Every function's tokens count."
  }
}

run "watches_an_http_api" {
  command = plan
  variables {
    api = { id = "abc", name = "coachwork-dev", stage_name = "production", protocol = "HTTP" }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["coachwork-dev-api-gateway-latency"].dimensions == tomap({ ApiId = "abc", Stage = "production" })
    error_message = "An HTTP API is known by its id."
  }

  assert {
    condition = contains(
      flatten(aws_cloudwatch_metric_alarm.this["coachwork-dev-api-gateway-errors"].metric_query[*].metric[*].metric_name), "5xx"
    )
    error_message = "Its metric has another name."
  }
}

run "watches_nothing_unasked" {
  command = plan
  variables {
    api                    = null
    dead_letter_queue_name = null
    tables                 = []
    tokens_per_day         = null
  }

  assert {
    condition     = alltrue([for name in output.alarm_names : startswith(name, "coachwork-dev-fitness-") || startswith(name, "coachwork-dev-quick-")])
    error_message = "What is not there is not watched."
  }
}

run "refuses_to_watch_a_table_twice" {
  command         = plan
  expect_failures = [var.tables]
  variables {
    tables = ["coachwork-dev-documents", "coachwork-dev-documents"]
  }
}

run "refuses_a_name_with_a_space" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork dev"
  }
}

run "refuses_an_unknown_protocol" {
  command         = plan
  expect_failures = [var.api]
  variables {
    api = { id = "abc", name = "a", stage_name = "b", protocol = "SOAP" }
  }
}

run "refuses_to_tell_a_queue" {
  command         = plan
  expect_failures = [var.notify_arns]
  variables {
    notify_arns = ["arn:aws:sqs:eu-central-1:123456789012:queue"]
  }
}

run "refuses_more_than_all" {
  command         = plan
  expect_failures = [var.thresholds]
  variables {
    thresholds = { duration_percent = 101 }
  }
}

run "refuses_fewer_than_none" {
  command         = plan
  expect_failures = [var.thresholds]
  variables {
    thresholds = { errors = -1 }
  }
}

run "refuses_a_share_of_no_errors" {
  command         = plan
  expect_failures = [var.thresholds]
  variables {
    thresholds = { api_errors_minimum = 0 }
  }
}

run "refuses_a_day_without_tokens" {
  command         = plan
  expect_failures = [var.tokens_per_day]
  variables {
    tokens_per_day = 0
  }
}
