output "alias_arn" {
  description = "ARN of the alias callers use."
  value       = aws_lambda_alias.live.arn
}

output "alias_name" {
  description = "Name of the alias callers use."
  value       = aws_lambda_alias.live.name
}

output "environment" {
  description = "The function's environment."
  value       = var.environment
}

output "function_arn" {
  description = "ARN of the function, without version."
  value       = aws_lambda_function.this.arn
}

output "function_invoke_arn" {
  description = "What API Gateway calls: the alias `live`."
  value       = aws_lambda_alias.live.invoke_arn
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "version" {
  description = "The version published last: what a release moves the alias to."
  value       = aws_lambda_function.this.version
}
