output "ecr_repository_url" {
  description = "Where images are pushed to."
  value       = aws_ecr_repository.this.repository_url
}

output "github_role_arn" {
  description = "ARN of the role GitHub's jobs take; null without a repository."
  value       = one(aws_iam_role.github[*].arn)
}

output "state_bucket_name" {
  description = "Name of the bucket for state, for environments/*/backend.hcl."
  value       = module.state.bucket_name
}
