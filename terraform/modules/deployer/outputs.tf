output "boundary_arn" {
  description = "ARN of the policy that bounds every role of the environment's."
  value       = aws_iam_policy.boundary.arn
}

output "boundary_json" {
  description = "That policy, as JSON."
  value       = data.aws_iam_policy_document.boundary.json
}

output "policies_json" {
  description = "What the environment's jobs may do, by what it is about, as JSON."
  value       = { for noun, document in data.aws_iam_policy_document.this : noun => document.json }
}

output "role_arn" {
  description = "ARN of the role the environment's jobs take; null without a repository."
  value       = one(aws_iam_role.this[*].arn)
  depends_on  = [aws_iam_role_policy_attachment.this]
}

output "statements" {
  description = "Why each statement is there, by what it is about and its id."
  value       = { for noun, statements in local.policies : noun => { for sid, statement in statements : sid => statement.why } }
}
