# A name of one's own: TLS 1.2 or newer, and where Route 53 holds the zone, the record that leads here.

data "aws_region" "this" {}

locals {
  # Route 53 asks AWS's own address how the API does: a name that several regions share leads to any of them.
  health_path            = try(var.domain.routing.health_path, null)
  keeps_default_endpoint = var.domain == null ? true : var.domain.keeps_default_endpoint || local.health_path != null
  api_id                 = local.is_rest ? aws_api_gateway_rest_api.this[0].id : aws_apigatewayv2_api.this[0].id
  has_record             = try(var.domain.zone_id, null) != null
  policy                 = try(var.domain.routing.policy, null)
}

resource "aws_apigatewayv2_domain_name" "this" {
  count = var.domain == null ? 0 : 1

  domain_name = var.domain.name

  domain_name_configuration {
    certificate_arn = var.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.domain == null ? 0 : 1

  api_id      = local.api_id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = local.is_rest ? aws_api_gateway_stage.this[0].stage_name : aws_apigatewayv2_stage.this[0].name
}

resource "aws_route53_health_check" "this" {
  count = local.health_path == null ? 0 : 1

  type              = "HTTPS"
  fqdn              = "${local.api_id}.execute-api.${data.aws_region.this.name}.amazonaws.com"
  port              = 443
  resource_path     = "/${var.stage_name}${local.health_path}"
  enable_sni        = true
  request_interval  = 30
  failure_threshold = 3

  tags = {
    Name = "${var.name} in ${data.aws_region.this.name}"
  }
}

resource "aws_route53_record" "this" {
  count = local.has_record ? 1 : 0

  zone_id         = var.domain.zone_id
  name            = var.domain.name
  type            = "A"
  set_identifier  = local.policy == null ? null : data.aws_region.this.name
  health_check_id = one(aws_route53_health_check.this[*].id)

  alias {
    name                   = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = local.policy != null
  }

  dynamic "latency_routing_policy" {
    for_each = local.policy == "latency" ? [data.aws_region.this.name] : []

    content {
      region = latency_routing_policy.value
    }
  }

  dynamic "failover_routing_policy" {
    for_each = local.policy == "primary" || local.policy == "secondary" ? [upper(local.policy)] : []

    content {
      type = failover_routing_policy.value
    }
  }
}
