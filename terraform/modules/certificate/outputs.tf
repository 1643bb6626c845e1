output "certificate_arn" {
  description = "ARN of the certificate, known when its name is proved."
  value       = aws_acm_certificate_validation.this.certificate_arn
}
