# A certificate for one name, proved and renewed by a record in Route 53.

resource "aws_acm_certificate" "this" {
  domain_name       = var.domain_name
  key_algorithm     = "RSA_2048" # API Gateway's custom domains take it everywhere
  validation_method = "DNS"

  options {
    certificate_transparency_logging_preference = "ENABLED" # browsers refuse a certificate that is in no log
  }

  lifecycle {
    create_before_destroy = true
  }
}

# The same name of the same account has the same record in every region: each region may write it.
resource "aws_route53_record" "proof" {
  for_each = {
    for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => {
      name  = option.resource_record_name
      type  = option.resource_record_type
      value = option.resource_record_value
    }
  }

  allow_overwrite = true
  zone_id         = var.zone_id
  name            = each.value.name
  type            = each.value.type
  records         = [each.value.value]
  ttl             = 300
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]

  timeouts {
    create = "${var.patience_minutes}m"
  }
}
