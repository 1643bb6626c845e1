# Before the API: its name and certificate, and a firewall. Each is a variable, off unless asked for.

data "aws_route53_zone" "this" {
  count = try(var.domain.zone_name, null) == null ? 0 : 1

  name         = var.domain.zone_name
  private_zone = false
}

locals {
  zone_id           = one(data.aws_route53_zone.this[*].zone_id)
  makes_certificate = var.domain == null ? false : var.domain.certificate_arn == null

  api_domain = var.domain == null ? null : {
    certificate_arn        = local.makes_certificate ? module.certificate[0].certificate_arn : var.domain.certificate_arn
    keeps_default_endpoint = var.domain.keeps_default_endpoint
    name                   = var.domain.name
    routing                = var.domain.routing
    zone_id                = local.zone_id
  }
}

module "certificate" {
  source = "./modules/certificate"
  count  = local.makes_certificate ? 1 : 0

  domain_name = var.domain.name
  zone_id     = local.zone_id
}

module "web_acl" {
  source = "./modules/web-acl"
  count  = var.web_acl == null ? 0 : 1

  name                   = local.name
  free_body_paths        = var.web_acl.free_body_paths
  is_enforced            = var.web_acl.is_enforced
  logs                   = { retention_days = var.log_retention_days, kms_key_arn = var.kms_key_arn }
  requests_per_5_minutes = var.web_acl.requests_per_5_minutes
  stage_arn              = module.api.stage_arn
  stage_name             = local.stage_name
}
