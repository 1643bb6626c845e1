# Who may speak to whom. Nothing comes in to a function: Lambda invokes it past the network.

resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5:functions have it, in the caller's module
  name        = "${var.name}-functions"
  description = "What the functions of ${var.name} may reach"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${var.name}-functions"
  }
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "AWS services, for the functions of ${var.name}"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${var.name}-endpoints"
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "From the functions"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.functions.id
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  security_group_id            = aws_security_group.functions.id
  description                  = "To AWS services by their endpoints"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoints.id
}

resource "aws_vpc_security_group_egress_rule" "gateways" {
  for_each = aws_vpc_endpoint.gateway

  security_group_id = aws_security_group.functions.id
  description       = "To ${each.key}"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = each.value.prefix_list_id
}

# Databases and caches beside the functions; their own group has to let the functions' in.
resource "aws_vpc_security_group_egress_rule" "databases" {
  for_each = { for port in var.database_ports : tostring(port) => port }

  security_group_id = aws_security_group.functions.id
  description       = "To port ${each.key} in the network"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_ipv4         = var.cidr
}

resource "aws_vpc_security_group_egress_rule" "internet" {
  for_each = local.has_nat ? { for port in var.internet_ports : tostring(port) => port } : {}

  security_group_id = aws_security_group.functions.id
  description       = "To port ${each.key} of the internet"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_ipv4         = "0.0.0.0/0"
}
