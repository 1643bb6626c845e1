# What a REST API asks of a request before a function is paid for it.

# A body that is JSON, and an object: which members it has, the services know, and say it better.
resource "aws_api_gateway_model" "json_object" {
  count = length(local.post_paths) > 0 ? 1 : 0

  rest_api_id  = aws_api_gateway_rest_api.this[0].id
  name         = "JsonObject"
  description  = "A JSON object"
  content_type = "application/json"
  schema       = jsonencode({ "$schema" = "http://json-schema.org/draft-04/schema#", title = "A JSON object", type = "object" })
}

resource "aws_api_gateway_request_validator" "body" {
  count = length(local.post_paths) > 0 ? 1 : 0

  rest_api_id           = aws_api_gateway_rest_api.this[0].id
  name                  = "body"
  validate_request_body = true
}

# As the services say it themselves, but for the media type, which is the gateway's.
resource "aws_api_gateway_gateway_response" "bad_body" {
  count = length(local.post_paths) > 0 ? 1 : 0

  rest_api_id         = aws_api_gateway_rest_api.this[0].id
  response_type       = "BAD_REQUEST_BODY"
  status_code         = "400"
  response_parameters = local.gateway_error_headers

  response_templates = {
    "application/json" = jsonencode({
      type     = "urn:coachwork:problem:malformed-request"
      title    = "The request could not be read"
      status   = 400
      detail   = "The body is not a JSON object"
      instance = "$context.requestId"
    })
  }
}

# Keys are issued by hand (README.md): one that Terraform made would lie in its state.
resource "aws_api_gateway_usage_plan" "this" {
  count = local.is_rest && var.usage_plan != null ? 1 : 0

  name        = var.name
  description = "Machines that call ${var.name}"

  api_stages {
    api_id = aws_api_gateway_rest_api.this[0].id
    stage  = aws_api_gateway_stage.this[0].stage_name
  }

  throttle_settings {
    burst_limit = var.usage_plan.burst
    rate_limit  = var.usage_plan.rate_per_second
  }

  dynamic "quota_settings" {
    for_each = var.usage_plan.quota == null ? [] : [var.usage_plan.quota]

    content {
      limit  = quota_settings.value.requests
      period = quota_settings.value.period
    }
  }
}
