output "application_name" {
  description = "Name of the CodeDeploy application."
  value       = aws_codedeploy_app.this.name
}

output "deployment_config_name" {
  description = "Name of the configuration that says how callers are moved."
  value       = local.is_all_at_once ? "CodeDeployDefault.LambdaAllAtOnce" : aws_codedeploy_deployment_config.this[0].deployment_config_name
}

output "deployment_group_names" {
  description = "Names of the deployment groups, by function: they are the functions' own."
  value       = { for name, group in aws_codedeploy_deployment_group.this : name => group.deployment_group_name }
}

output "policy_json" {
  description = "What CodeDeploy may do, as JSON."
  value       = data.aws_iam_policy_document.permissions.json
}

output "role_arn" {
  description = "ARN of the role CodeDeploy moves aliases as."
  value       = aws_iam_role.this.arn
}
