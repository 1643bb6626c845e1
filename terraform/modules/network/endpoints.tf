# How AWS's services are reached without the internet, by this account's own principals alone.

data "aws_iam_policy_document" "own_account" {
  #checkov:skip=CKV_AWS_1:an endpoint's policy bounds what roles allow, it allows nobody anything
  #checkov:skip=CKV_AWS_49:an endpoint's policy bounds what roles allow, it allows nobody anything
  #checkov:skip=CKV_AWS_109:an endpoint's policy bounds what roles allow, it allows nobody anything
  #checkov:skip=CKV_AWS_111:an endpoint's policy bounds what roles allow, it allows nobody anything
  #checkov:skip=CKV_AWS_283:the condition names the account
  #checkov:skip=CKV_AWS_356:an endpoint's policy bounds what roles allow, it allows nobody anything
  statement {
    sid       = "OwnPrincipals"
    actions   = ["*"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}

# Free, and by route.
resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(["dynamodb", "s3"])

  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.this.name}.${each.key}"
  vpc_endpoint_type = "Gateway"
  policy            = data.aws_iam_policy_document.own_account.json
  route_table_ids   = [for table in aws_route_table.private : table.id]

  tags = {
    Name = "${var.name}-${each.key}"
  }
}

# Paid by the hour, in each zone.
resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.this.name}.${each.key}"
  vpc_endpoint_type   = "Interface"
  policy              = data.aws_iam_policy_document.own_account.json
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]

  tags = {
    Name = "${var.name}-${each.key}"
  }
}
