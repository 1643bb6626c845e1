output "policy_json" {
  description = "The permissions as JSON."
  value       = data.aws_iam_policy_document.permissions.json
}

output "role_arn" {
  description = "ARN of the role; known once its permissions are attached."
  value       = aws_iam_role.this.arn
  depends_on  = [aws_iam_role_policy.this]
}

output "role_name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}
