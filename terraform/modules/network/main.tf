# A network of its own for functions that need a database or a cache in one: private subnets, no way in, and no way
# out but to the AWS services named, unless nat says so.

data "aws_availability_zones" "this" {
  #checkov:skip=CKV_AWS_394:the first of the sorted names are taken, and AWS names a new zone after those there are
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

locals {
  zones = slice(sort(data.aws_availability_zones.this.names), 0, var.zone_count)

  # Of sixteen parts the first are private, the last public, so that neither moves when a zone is added.
  private_cidrs = { for index, zone in local.zones : zone => cidrsubnet(var.cidr, 4, index) }
  public_cidrs  = { for index, zone in local.zones : zone => cidrsubnet(var.cidr, 4, 15 - index) if local.has_nat }

  has_nat   = var.nat != "none"
  nat_zones = { for zone in local.zones : zone => zone if var.nat == "per_zone" || (var.nat == "one" && zone == local.zones[0]) }
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:flow logs cost more than the network, and whether to keep them is an account's decision
  cidr_block           = var.cidr
  enable_dns_hostnames = true # the endpoints' private names need both
  enable_dns_support   = true

  tags = {
    Name = var.name
  }
}

# What nobody chose lets nothing through.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = {
    Name = "${var.name}-private-${each.key}"
  }
}

resource "aws_route_table" "private" {
  for_each = local.private_cidrs

  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-private-${each.key}"
  }
}

resource "aws_route_table_association" "private" {
  for_each = local.private_cidrs

  route_table_id = aws_route_table.private[each.key].id
  subnet_id      = aws_subnet.private[each.key].id
}
