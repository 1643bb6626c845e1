# HTTP in front of functions. rest.tf and http.tf hold the two protocols; this file what both have.

locals {
  is_rest = var.protocol == "REST"

  # What a line of the access log says. `path` has no query string: queries carry what people typed.
  log_format = jsonencode({
    bytes                = "$context.responseLength"
    integrationError     = "$context.${local.is_rest ? "integration.error" : "integrationErrorMessage"}"
    integrationLatencyMs = "$context.${local.is_rest ? "integration.latency" : "integrationLatency"}"
    ip                   = "$context.identity.sourceIp"
    latencyMs            = "$context.responseLatency"
    method               = "$context.httpMethod"
    path                 = "$context.path"
    protocol             = "$context.protocol"
    requestId            = "$context.requestId"
    status               = "$context.status"
    time                 = "$context.requestTime"
  })
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:how long is the caller's to say; 7 days by default, for addresses are personal data
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.access_logs.retention_days
  kms_key_id        = var.access_logs.kms_key_arn
}

resource "aws_lambda_permission" "this" {
  for_each = { for path, route in var.routes : route.function_name => route.function_alias... }

  statement_id  = "called-by-${var.name}"
  action        = "lambda:InvokeFunction"
  function_name = each.key
  qualifier     = each.value[0]
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${local.is_rest ? aws_api_gateway_rest_api.this[0].execution_arn : aws_apigatewayv2_api.this[0].execution_arn}/${var.stage_name}/*"
}
