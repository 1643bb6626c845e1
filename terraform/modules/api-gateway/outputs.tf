output "api_id" {
  description = "Id of the API."
  value       = local.is_rest ? aws_api_gateway_rest_api.this[0].id : aws_apigatewayv2_api.this[0].id
}

output "domain_target_name" {
  description = "Where a domain held outside Route 53 must lead (CNAME); null without a domain."
  value       = one(aws_apigatewayv2_domain_name.this[*].domain_name_configuration[0].target_domain_name)
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

output "stage_arn" {
  description = "ARN of a REST API's stage, as firewalls know it; null of an HTTP API, which can have none."
  value       = one(aws_api_gateway_stage.this[*].arn)
}

output "stage_name" {
  description = "Name of the stage."
  value       = var.stage_name
}

output "usage_plan_id" {
  description = "Id of the usage plan, to put keys in; null without one."
  value       = one(aws_api_gateway_usage_plan.this[*].id)
}
