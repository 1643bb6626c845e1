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
      for method, integration in aws_api_gateway_integration.this : method => regex("function:([a-z-]+):live", integration.uri)[0]
      } == {
      "ANY /"                       = "coachwork-dev-fitness"
      "ANY /{proxy+}"               = "coachwork-dev-fitness"
      "ANY /api"                    = "coachwork-dev-fitness"
      "ANY /api/v1"                 = "coachwork-dev-fitness"
      "ANY /api/v1/echoes"          = "coachwork-dev-echoes"
      "ANY /api/v1/echoes/{proxy+}" = "coachwork-dev-echoes"
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
    condition     = length(aws_route53_record.this) == 1 && aws_route53_record.this[0].set_identifier == null
    error_message = "The zone learns the name."
  }

  assert {
    condition     = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].security_policy == "TLS_1_2"
    error_message = "TLS is 1.2 or newer."
  }

  assert {
    condition     = length(aws_route53_health_check.this) == 0
    error_message = "Nobody looks at a name that leads to one region."
  }

  assert {
    condition     = aws_api_gateway_gateway_response.this["DEFAULT_5XX"].response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    error_message = "With several origins any page may read the gateway's errors."
  }
}

run "keeps_awss_address_beside_a_domain" {
  command = plan
  variables {
    domain = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1", keeps_default_endpoint = true }
  }

  assert {
    condition     = !aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint && length(aws_route53_record.this) == 0
    error_message = "Both addresses answer, and a zone that is elsewhere is left alone."
  }
}

run "shares_a_name_with_other_regions_by_latency" {
  command = plan
  variables {
    domain = {
      name            = "api.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
      zone_id         = "Z1"
      routing         = { policy = "latency", health_path = "/api/v1/health/" }
    }
  }

  assert {
    condition = (
      aws_route53_record.this[0].set_identifier == "eu-central-1"
      && aws_route53_record.this[0].latency_routing_policy[0].region == "eu-central-1"
      && aws_route53_record.this[0].alias[0].evaluate_target_health
    )
    error_message = "The record is this region's."
  }

  assert {
    condition = (
      aws_route53_health_check.this[0].resource_path == "/production/api/v1/health/"
      && aws_route53_health_check.this[0].type == "HTTPS"
      && !aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint
    )
    error_message = "Route 53 looks at AWS's own address, which is therefore open."
  }
}

run "fails_over_to_another_region" {
  command = plan
  variables {
    domain = {
      name            = "api.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
      zone_id         = "Z1"
      routing         = { policy = "secondary" }
    }
  }

  assert {
    condition     = aws_route53_record.this[0].failover_routing_policy[0].type == "SECONDARY" && length(aws_route53_health_check.this) == 0
    error_message = "The secondary answers when the primary does not, and needs no look."
  }

  assert {
    condition     = aws_api_gateway_rest_api.this[0].disable_execute_api_endpoint
    error_message = "Without a look, AWS's own address stays closed."
  }
}

run "wants_keys_of_machines" {
  command = plan
  variables {
    usage_plan = { paths = ["/api/v1/echoes", "/metrics"], quota = { requests = 1000 } }
  }

  assert {
    condition = {
      for name, method in aws_api_gateway_method.this : name => method.api_key_required
      } == {
      "ANY /"                           = false
      "ANY /{proxy+}"                   = false
      "ANY /api"                        = false
      "ANY /api/v1"                     = false
      "ANY /api/v1/echoes"              = true
      "ANY /api/v1/echoes/{proxy+}"     = true
      "ANY /metrics"                    = true
      "ANY /metrics/{proxy+}"           = true
      "OPTIONS /api/v1/echoes"          = false
      "OPTIONS /api/v1/echoes/{proxy+}" = false
      "OPTIONS /metrics"                = false
      "OPTIONS /metrics/{proxy+}"       = false
    }
    error_message = "A key is wanted on these paths and below, but of no preflight; and nowhere else."
  }

  assert {
    condition     = strcontains(aws_api_gateway_integration.this["ANY /metrics"].uri, "coachwork-dev-fitness")
    error_message = "Who answers does not change."
  }

  assert {
    condition = (
      aws_api_gateway_usage_plan.this[0].throttle_settings[0].rate_limit == 5
      && aws_api_gateway_usage_plan.this[0].throttle_settings[0].burst_limit == 10
      && aws_api_gateway_usage_plan.this[0].quota_settings[0].limit == 1000
      && aws_api_gateway_usage_plan.this[0].quota_settings[0].period == "DAY"
    )
    error_message = "A key has a rate and a quota."
  }
}

run "wants_keys_everywhere" {
  command = plan
  variables {
    usage_plan = { paths = ["/"] }
  }

  assert {
    condition     = alltrue([for name, method in aws_api_gateway_method.this : method.api_key_required == startswith(name, "ANY ")])
    error_message = "Every request but a preflight wants a key."
  }

  assert {
    condition     = length(aws_api_gateway_usage_plan.this[0].quota_settings) == 0
    error_message = "Without a quota, there is none."
  }
}

run "looks_at_bodies" {
  command = plan
  variables {
    validated_posts = ["/api/v1/chat/send", "/api/v1/echoes/new"]
  }

  assert {
    condition = {
      for name, method in aws_api_gateway_method.this : name => try(method.request_models["application/json"], "") if startswith(name, "POST ")
      } == {
      "POST /api/v1/chat/send"  = "JsonObject"
      "POST /api/v1/echoes/new" = "JsonObject"
    }
    error_message = "These bodies are looked at."
  }

  assert {
    condition     = alltrue([for name, method in aws_api_gateway_method.this : method.request_models == null if startswith(name, "ANY ")])
    error_message = "No other is: forms and files pass."
  }

  assert {
    condition = alltrue([
      for name in ["ANY /api/v1/chat/send", "ANY /api/v1/chat", "POST /api/v1/chat/send"] : strcontains(aws_api_gateway_integration.this[name].uri, "coachwork-dev-fitness")
    ])
    error_message = "Other methods of the path, a preflight for one, go where they went."
  }

  assert {
    condition     = strcontains(aws_api_gateway_integration.this["POST /api/v1/echoes/new"].uri, "coachwork-dev-echoes")
    error_message = "The function is the one whose path begins the body's."
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_gateway_response.bad_body[0].response_templates["application/json"]).type == "urn:coachwork:problem:malformed-request"
      && aws_api_gateway_gateway_response.bad_body[0].response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://app.example.com'"
    )
    error_message = "It is refused as the services refuse it, and pages can read that."
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

run "refuses_an_unknown_routing" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1", zone_id = "Z1", routing = { policy = "weighted" } }
  }
}

run "refuses_to_share_a_name_without_a_zone" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1", routing = { policy = "latency" } }
  }
}

run "refuses_a_primary_nobody_looks_at" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1", zone_id = "Z1", routing = { policy = "primary" } }
  }
}

run "refuses_a_usage_plan_of_an_http_api" {
  command         = plan
  expect_failures = [var.usage_plan]
  variables {
    protocol   = "HTTP"
    usage_plan = { paths = ["/"] }
  }
}

run "refuses_a_usage_plan_that_counts_nobody" {
  command         = plan
  expect_failures = [var.usage_plan]
  variables {
    usage_plan = { paths = [] }
  }
}

run "refuses_a_quota_an_hour" {
  command         = plan
  expect_failures = [var.usage_plan]
  variables {
    usage_plan = { paths = ["/"], quota = { requests = 10, period = "HOUR" } }
  }
}

run "refuses_a_body_too_deep" {
  command         = plan
  expect_failures = [var.validated_posts]
  variables {
    validated_posts = ["/a/b/c/d/e"]
  }
}
