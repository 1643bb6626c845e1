output "deploy_role_arns" {
  description = "ARNs of the roles that jobs of an environment take, by environment; none without a repository."
  value       = { for environment, deployer in module.deployer : environment => deployer.role_arn if deployer.role_arn != null }
}

output "deploy_statements" {
  description = "Why the roles may do what they may, by environment, by what it is about and by the statement's id."
  value       = { for environment, deployer in module.deployer : environment => deployer.statements }
}

output "ecr_repository_url" {
  description = "Where images are pushed to."
  value       = aws_ecr_repository.this.repository_url
}

output "permissions_boundary_arns" {
  description = "ARNs of the policies that bound every role of an environment, by environment."
  value       = { for environment, deployer in module.deployer : environment => deployer.boundary_arn }
}

output "plan_role_arn" {
  description = "ARN of the role that pull requests take to plan; null without a repository."
  value       = one(aws_iam_role.plan[*].arn)
}

output "state_bucket_name" {
  description = "Name of the bucket for state, for environments/*/backend.hcl."
  value       = module.state.bucket_name
}
