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
  alarm_arns             = ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:coachwork-dev-tokens"]
  api                    = { id = "abc", log_group_name = "/aws/apigateway/coachwork-dev", name = "coachwork-dev", stage_name = "production" }
  buckets                = ["coachwork-dev-videos-123456789012"]
  dead_letter_queue_name = "coachwork-dev-dead-letters"
  functions              = { coachwork-dev-api = { log_group_name = "/aws/lambda/coachwork-dev-api", reserved_concurrency = 10 } }
  tables                 = ["coachwork-dev-documents"]
  tokens_per_day         = 2000000
}

run "shows_all" {
  command = plan

  assert {
    condition     = output.dashboard_name == "coachwork-dev-eu-central-1"
    error_message = "An account has all regions' dashboards side by side."
  }

  assert {
    condition = [
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.title
      ] == [
      "Requests and refusals", "Latency of answers (ms)", "Alarms",
      "Invocations", "Errors and throttles", "Concurrency",
      "Duration (ms)", "Cold starts (init duration)", "Slowest routes",
      "Release: calls by version", "Release: duration by version (p95, ms)", "Release: errors by version",
      "Asynchronous work", "How long it waited (ms)", "Dead letters",
      "Tokens by service and model", "Tokens of a day, of all users", "AWS: the month so far (USD)",
      "DynamoDB: capacity used", "DynamoDB: throttled", "DynamoDB: latency (ms)",
      "S3: what arrived", "S3: objects", "S3: bytes",
    ]
    error_message = "Eight rows of three."
  }

  assert {
    condition = toset([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : "${widget.x} ${widget.y}"
    ]) == toset(flatten([for y in range(0, 48, 6) : [for x in [0, 8, 16] : "${x} ${y}"]]))
    error_message = "None lies on another."
  }

  assert {
    condition = toset([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.type
    ]) == toset(["alarm", "log", "metric"])
    error_message = "Graphs, questions to the logs, and the alarms."
  }

  assert {
    condition = alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
      startswith(widget.properties.query, "SOURCE '/aws/lambda/coachwork-dev-api' | filter ") if widget.type == "log"
    ])
    error_message = "Questions go to the functions' logs."
  }
}

run "keeps_questions" {
  command = plan

  assert {
    condition = output.query_names == tolist([
      for question in [
        "arrivals", "cold-starts", "denied-calls", "dependencies", "errors-by-problem", "failures", "gateway-refusals",
        "ingestion-failures", "one-request", "refused-callers", "slowest-routes", "tokens",
      ] : "coachwork-dev/${question}"
    ])
    error_message = "Each by its name."
  }
}

run "shows_what_tokens_cost" {
  command = plan
  variables {
    token_prices = { embedding = 0.02, input = 0.15, output = 0.6 }
  }

  assert {
    condition = one([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [for metric in widget.properties.metrics : endswith(metric[0].expression, ", 86400)) * 0.15 / 1000000") if metric[0].label == "InputTokens"]
      if try(widget.properties.title, "") == "Tokens of a day (USD)"
    ]) == [true]
    error_message = "Tokens times their price."
  }
}

run "shows_an_http_api_alone" {
  command = plan
  variables {
    api     = { id = "abc", log_group_name = "/aws/apigateway/coachwork-dev", name = "coachwork-dev", stage_name = "production", protocol = "HTTP" }
    buckets = []
    tables  = []
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 18
    error_message = "Without tables and buckets there are no rows for them."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties.metrics[2] == [
      "AWS/ApiGateway", "5xx", "ApiId", "abc", "Stage", "production", { stat = "Sum" }
    ]
    error_message = "An HTTP API is known by its id, and its metrics have other names."
  }
}

run "refuses_an_unknown_protocol" {
  command         = plan
  expect_failures = [var.api]
  variables {
    api = { id = "abc", log_group_name = "/aws/apigateway/coachwork-dev", name = "a", stage_name = "b", protocol = "SOAP" }
  }
}

run "refuses_a_name_with_a_space" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork dev"
  }
}

run "refuses_too_many_alarms" {
  command         = plan
  expect_failures = [var.alarm_arns]
  variables {
    alarm_arns = [for number in range(101) : "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${number}"]
  }
}

run "refuses_to_be_paid" {
  command         = plan
  expect_failures = [var.token_prices]
  variables {
    token_prices = { embedding = 0, input = -1, output = 0 }
  }
}
