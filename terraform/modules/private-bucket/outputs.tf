output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "policy_json" {
  description = "The bucket's own policy as JSON."
  value       = data.aws_iam_policy_document.tls_only.json
}
