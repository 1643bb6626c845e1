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
  name        = "coachwork-dev"
  functions   = { coachwork-dev-fitness = { timeout_seconds = 60 }, coachwork-dev-quick = { timeout_seconds = 10 } }
  api         = { id = "abc", name = "coachwork-dev", stage_name = "production" }
  tables      = ["coachwork-dev-documents"]
  notify_arns = ["arn:aws:sns:eu-central-1:123456789012:on-call"]
}

run "watches_functions_and_api" {
  command = plan

  assert {
    condition = output.alarm_names == tolist([
      "coachwork-dev-api-gateway-errors",
      "coachwork-dev-api-gateway-latency",
      "coachwork-dev-documents-table-errors",
      "coachwork-dev-documents-table-throttles",
      "coachwork-dev-fitness-duration",
      "coachwork-dev-fitness-errors",
      "coachwork-dev-fitness-throttles",
      "coachwork-dev-quick-duration",
      "coachwork-dev-quick-errors",
      "coachwork-dev-quick-throttles",
    ])
    error_message = "Three alarms a function, two for the API and two a table."
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.function_duration : name => alarm.threshold
    } == { coachwork-dev-fitness = 23200, coachwork-dev-quick = 8000 }
    error_message = "Durations are measured against what callers wait: the timeout or 29 s, whichever comes first."
  }

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.function_errors) :
      alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:123456789012:on-call"]) && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "Alarms are told, and silence is no error."
  }

  assert {
    condition = toset([
      for query in aws_cloudwatch_metric_alarm.table_errors["coachwork-dev-documents"].metric_query :
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
      for query in aws_cloudwatch_metric_alarm.table_throttles["coachwork-dev-documents"].metric_query :
      query.metric[0].metric_name if length(query.metric) == 1
    ]) == toset(["ReadThrottleEvents", "WriteThrottleEvents"])
    error_message = "Throttled reads and writes are added up."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.api["errors"].dimensions == tomap({ ApiName = "coachwork-dev", Stage = "production" })
    error_message = "A REST API is known by its name."
  }

  assert {
    condition = [
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.title
    ] == ["Invocations", "Errors", "Throttles", "ConcurrentExecutions", "Duration"]
    error_message = "The dashboard shows five graphs."
  }
}

run "watches_an_http_api" {
  command = plan
  variables {
    api = { id = "abc", name = "coachwork-dev", stage_name = "production", protocol = "HTTP" }
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.api["errors"].dimensions == tomap({ ApiId = "abc", Stage = "production" })
      && aws_cloudwatch_metric_alarm.api["errors"].metric_name == "5xx"
    )
    error_message = "An HTTP API is known by its id, and its metric has another name."
  }
}

run "watches_no_table_unasked" {
  command = plan
  variables {
    tables = []
  }

  assert {
    condition     = !anytrue([for name in output.alarm_names : strcontains(name, "-table-")])
    error_message = "Without tables there are no alarms for them."
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

run "refuses_a_period_of_90_seconds" {
  command         = plan
  expect_failures = [var.period_seconds]
  variables {
    period_seconds = 90
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
