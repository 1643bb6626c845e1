output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "query_names" {
  description = "Names of the questions kept for Logs Insights."
  value       = sort(concat([aws_cloudwatch_query_definition.gateway.name], values(aws_cloudwatch_query_definition.this)[*].name))
}
