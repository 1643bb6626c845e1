output "budget_name" {
  description = "Name of the budget; null for none."
  value       = one(aws_budgets_budget.this[*].name)
}

output "topic_arn" {
  description = "ARN of the topic that is told."
  value       = aws_sns_topic.this.arn
}
