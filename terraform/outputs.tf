output "alarm_names" {
  description = "Names of all alarms."
  value       = module.alarms.alarm_names
}

output "api_gateway_invoke_url" {
  description = "Where the services are called, without a slash at the end."
  value       = module.api.invoke_url
}

output "codedeploy_application_name" {
  description = "Name of the CodeDeploy application that moves the functions' aliases."
  value       = module.release.application_name
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.dashboard.dashboard_name
}

output "dead_letter_queue_url" {
  description = "URL of the queue that asynchronous work ends in when it is given up."
  value       = aws_sqs_queue.dead_letters.url
}

output "documents_bucket_name" {
  description = "Name of the bucket of the service knowledge: originals/ as they were uploaded, chunks/ of their text; null where it is not served."
  value       = one(module.documents[*].bucket_name)
}

output "domain_target_name" {
  description = "Where a domain whose zone is elsewhere must lead (CNAME); null without a domain."
  value       = module.api.domain_target_name
}

output "ecr_repository_url" {
  description = "Where images are pushed to."
  value       = data.aws_ecr_repository.this.repository_url
}

output "functions" {
  description = "The functions, by name of the service, or `api` in layout single; `version` is the one published last, whatever the alias is at."
  value = {
    for name, function in local.functions : name => {
      alias_name            = module.function[name].alias_name
      deployment_group_name = module.release.deployment_group_names["${local.name}-${name}"]
      function_name         = module.function[name].function_name
      log_group_name        = module.function[name].log_group_name
      memory_mb             = function.memory_mb
      timeout_seconds       = function.timeout_seconds
      version               = module.function[name].version
    }
  }
}

output "functions_security_group_id" {
  description = "Id of the functions' security group, for databases and caches to let in; null without a network."
  value       = one(module.network[*].functions_security_group_id)
}

output "lambda_function_arn" {
  description = "ARN of the function that takes what no other's path does: in layout single, the only one."
  value       = module.function[local.root_function].function_arn
}

output "lambda_function_arns" {
  description = "ARNs of all functions, by name of the service, or `api` in layout single."
  value       = { for name, function in module.function : name => function.function_arn }
}

output "migrations_secret_name" {
  description = "Name of the secret with MIGRATION_DATABASE_URL, which deployments read and no function may."
  value       = module.migrations_secret.secret_name
}

output "notifications_topic_arn" {
  description = "ARN of the topic that is told of alarms and the budget."
  value       = module.notifications.topic_arn
}

output "permissions" {
  description = "What each function may do and why, by statement: docs/security.md is made of it."
  value       = local.function_statements
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, one a zone; null without a network."
  value       = one(module.network[*].private_subnet_ids)
}

output "query_names" {
  description = "Names of the questions kept for CloudWatch Logs Insights."
  value       = module.dashboard.query_names
}

output "routes" {
  description = "Which function answers what, by the beginning of the path: keys of the output functions; / is the rest."
  value       = local.routes
}

output "secret_values_version" {
  description = "With which version the secrets were written last: give it again to leave them, one more to write them anew."
  value       = var.secret_values_version
}

output "secrets_name" {
  description = "Name of the secret that holds the services' secret settings."
  value       = module.secrets.secret_name
}

output "table_names" {
  description = "Names of the tables of the service knowledge, by what they hold: documents and chat-history."
  value       = { for noun, table in module.tables : noun => table.table_name }
}

output "usage_plan_id" {
  description = "Id of the usage plan, to put the keys of machines in; null without one."
  value       = module.api.usage_plan_id
}

output "videos_bucket_name" {
  description = "Name of the bucket whose videos/ the service fitness hands out; null where it is not served."
  value       = one(module.videos[*].bucket_name)
}

output "vpc_id" {
  description = "Id of the network; null without one."
  value       = one(module.network[*].vpc_id)
}

output "web_acl_arn" {
  description = "ARN of the firewall before the API; null without one."
  value       = one(module.web_acl[*].web_acl_arn)
}
