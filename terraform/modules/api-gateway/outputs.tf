output "api_id" {
  description = "Id of the API."
  value       = local.is_rest ? aws_api_gateway_rest_api.this[0].id : aws_apigatewayv2_api.this[0].id
}

output "invoke_url" {
  description = "Where the API is called, without a slash at the end."
  value = (
    var.domain != null ? "https://${var.domain.name}"
    : local.is_rest ? aws_api_gateway_stage.this[0].invoke_url : aws_apigatewayv2_stage.this[0].invoke_url
  )
}

output "log_group_name" {
  description = "Name of the access logs' group."
  value       = aws_cloudwatch_log_group.this.name
}

output "stage_name" {
  description = "Name of the stage."
  value       = var.stage_name
}
