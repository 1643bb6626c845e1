# An HTTP API: cheaper and quicker than a REST API. It has no gateway responses, so its own errors carry no CORS
# headers, and it treats bodies as binary by their content type.

resource "aws_apigatewayv2_api" "this" {
  count = local.is_rest ? 0 : 1

  name                         = var.name
  description                  = var.description
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = !local.keeps_default_endpoint
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.is_rest ? {} : var.routes

  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = var.integration_timeout_seconds * 1000
}

resource "aws_apigatewayv2_route" "this" {
  #checkov:skip=CKV_AWS_309:the services authenticate; health, sign-up and preflights have no token
  for_each = local.is_rest ? {} : merge([
    for path in keys(var.routes) :
    path == "/" ? { "$default" = path } : { "ANY ${path}" = path, "ANY ${path}/{proxy+}" = path }
  ]...)

  api_id    = aws_apigatewayv2_api.this[0].id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.this[each.value].id}"
}

resource "aws_apigatewayv2_stage" "this" {
  count = local.is_rest ? 0 : 1

  api_id      = aws_apigatewayv2_api.this[0].id
  name        = var.stage_name
  auto_deploy = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.this.arn
    format          = local.log_format
  }

  default_route_settings {
    detailed_metrics_enabled = true
    throttling_burst_limit   = var.throttling.burst
    throttling_rate_limit    = var.throttling.rate_per_second
  }
}
