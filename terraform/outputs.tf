output "api_gateway_invoke_url" {
  description = "Where the services are called, without a slash at the end."
  value       = module.api.invoke_url
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.alarms.dashboard_name
}

output "documents_bucket_name" {
  description = "Name of the bucket of the service knowledge: originals/ as they were uploaded, chunks/ of their text; null where it is not served."
  value       = one(module.documents[*].bucket_name)
}

output "ecr_repository_url" {
  description = "Where images are pushed to."
  value       = data.aws_ecr_repository.this.repository_url
}

output "lambda_function_arn" {
  description = "ARN of the function that takes what no other's path does: in layout single, the only one."
  value       = module.function[local.root_function].function_arn
}

output "lambda_function_arns" {
  description = "ARNs of all functions, by name of the service, or `api` in layout single."
  value       = { for name, function in module.function : name => function.function_arn }
}

output "secrets_name" {
  description = "Name of the secret that holds the services' secret settings."
  value       = module.secrets.secret_name
}

output "table_names" {
  description = "Names of the tables of the service knowledge, by what they hold: documents and chat-history."
  value       = { for noun, table in module.tables : noun => table.table_name }
}

output "videos_bucket_name" {
  description = "Name of the bucket whose videos/ the service fitness hands out; null where it is not served."
  value       = one(module.videos[*].bucket_name)
}
