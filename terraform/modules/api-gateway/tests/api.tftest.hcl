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
  name         = "coachwork-dev"
  cors_origins = ["https://app.example.com"]
  routes = {
    "/" = {
      function_name  = "coachwork-dev-fitness"
      function_alias = "live"
      invoke_arn     = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-fitness:live/invocations"
    }
    "/api/v1/echoes" = {
      function_name  = "coachwork-dev-echoes"
      function_alias = "live"
      invoke_arn     = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-echoes:live/invocations"
    }
  }
}

run "sends_each_path_to_its_function" {
  command = plan

  assert {
    condition = {
      for path, integration in aws_api_gateway_integration.this : path => regex("function:([a-z-]+):live", integration.uri)[0]
      } == {
      "/"                       = "coachwork-dev-fitness"
      "/{proxy+}"               = "coachwork-dev-fitness"
      "/api"                    = "coachwork-dev-fitness"
      "/api/v1"                 = "coachwork-dev-fitness"
      "/api/v1/echoes"          = "coachwork-dev-echoes"
      "/api/v1/echoes/{proxy+}" = "coachwork-dev-echoes"
    }
    error_message = "The longest path wins; the rest is the root's."
  }

  assert {
    condition     = toset(keys(aws_lambda_permission.this)) == toset(["coachwork-dev-echoes", "coachwork-dev-fitness"])
    error_message = "The API may call each function, at its alias."
  }

  assert {
    condition     = alltrue([for integration in values(aws_api_gateway_integration.this) : integration.timeout_milliseconds == 29000])
    error_message = "The gateway waits 29 s."
  }

  assert {
    condition = alltrue([
      for response in values(aws_api_gateway_gateway_response.this) :
      response.response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://app.example.com'"
    ])
    error_message = "Pages can read the gateway's own errors."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 7 && !strcontains(lower(aws_api_gateway_stage.this[0].access_log_settings[0].format), "query")
    error_message = "Access logs are kept for 7 days and hold no query strings."
  }

  assert {
    condition = (
      aws_api_gateway_method_settings.this[0].settings[0].throttling_burst_limit == 50
      && aws_api_gateway_method_settings.this[0].settings[0].throttling_rate_limit == 25
      && !aws_api_gateway_method_settings.this[0].settings[0].data_trace_enabled
    )
    error_message = "Requests are throttled and bodies never logged."
  }

  assert {
    condition     = contains(aws_api_gateway_rest_api.this[0].binary_media_types, "multipart/form-data") && aws_api_gateway_stage.this[0].stage_name == "production"
    error_message = "Uploads arrive as bytes, at the stage."
  }
}

run "takes_a_domain" {
  command = plan
  variables {
    domain       = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1", zone_id = "Z1" }
    cors_origins = ["https://app.example.com", "https://admin.example.com"]
  }

  assert {
    condition     = output.invoke_url == "https://api.example.com" && aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint
    error_message = "The API is at its own name alone."
  }

  assert {
    condition     = length(aws_route53_record.this) == 1
    error_message = "The zone learns the name."
  }

  assert {
    condition     = aws_api_gateway_gateway_response.this["DEFAULT_5XX"].response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    error_message = "With several origins any page may read the gateway's errors."
  }
}

run "is_an_http_api" {
  command = plan
  variables {
    protocol = "HTTP"
  }

  assert {
    condition     = toset(keys(aws_apigatewayv2_route.this)) == toset(["$default", "ANY /api/v1/echoes", "ANY /api/v1/echoes/{proxy+}"])
    error_message = "Each path has its routes, and the rest a default."
  }

  assert {
    condition     = aws_apigatewayv2_integration.this["/"].payload_format_version == "2.0" && aws_apigatewayv2_integration.this["/"].timeout_milliseconds == 29000
    error_message = "Functions get payload 2.0 and have 29 s."
  }

  assert {
    condition     = length(aws_api_gateway_rest_api.this) == 0 && length(aws_api_gateway_method.this) == 0
    error_message = "There is no REST API beside it."
  }
}

run "refuses_an_unknown_retention" {
  command         = plan
  expect_failures = [var.access_logs]
  variables {
    access_logs = { retention_days = 8 }
  }
}

run "refuses_what_is_no_media_type" {
  command         = plan
  expect_failures = [var.binary_media_types]
  variables {
    binary_media_types = ["png"]
  }
}

run "refuses_an_origin_with_a_path" {
  command         = plan
  expect_failures = [var.cors_origins]
  variables {
    cors_origins = ["https://app.example.com/page"]
  }
}

run "refuses_what_is_no_domain" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "https://api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1" }
  }
}

run "refuses_what_is_no_certificate" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "api.example.com", certificate_arn = "certificate" }
  }
}

run "refuses_to_wait_longer_than_it_can" {
  command         = plan
  expect_failures = [var.integration_timeout_seconds]
  variables {
    integration_timeout_seconds = 30
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
  expect_failures = [var.protocol]
  variables {
    protocol = "SOAP"
  }
}

run "refuses_to_have_no_root" {
  command         = plan
  expect_failures = [var.routes]
  variables {
    routes = { "/api" = { function_name = "f", function_alias = "live", invoke_arn = "arn" } }
  }
}

run "refuses_a_path_too_deep" {
  command         = plan
  expect_failures = [var.routes]
  variables {
    routes = { "/" = { function_name = "f", function_alias = "live", invoke_arn = "arn" }, "/a/b/c/d" = { function_name = "f", function_alias = "live", invoke_arn = "arn" } }
  }
}

run "refuses_a_hyphen_in_the_stage" {
  command         = plan
  expect_failures = [var.stage_name]
  variables {
    stage_name = "pre-production"
  }
}

run "refuses_no_throttling" {
  command         = plan
  expect_failures = [var.throttling]
  variables {
    throttling = { burst = 0 }
  }
}
