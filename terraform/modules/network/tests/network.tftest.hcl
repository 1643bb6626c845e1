# The real provider with keys that open nothing: a plan evaluates policy documents and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_availability_zones.this
  values = { names = ["eu-central-1c", "eu-central-1a", "eu-central-1b"] }
}

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

variables {
  name           = "coachwork-dev"
  cidr           = "10.42.0.0/16"
  database_ports = [5432, 6379]
}

run "has_no_way_out" {
  command = plan

  assert {
    condition = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == {
      "eu-central-1a" = "10.42.0.0/20"
      "eu-central-1b" = "10.42.16.0/20"
    }
    error_message = "There is a private subnet in each of two zones."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_internet_gateway.this) == 0 && length(aws_route.private) == 0 && length(aws_subnet.public) == 0
    error_message = "Nothing leads to the internet."
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.internet) == 0
    error_message = "No function may reach it either."
  }

  assert {
    condition     = toset(values(aws_vpc_endpoint.interface)[*].service_name) == toset([for service in ["lambda", "logs", "secretsmanager", "xray"] : "com.amazonaws.eu-central-1.${service}"])
    error_message = "The services it needs have endpoints."
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.gateway)) == toset(["dynamodb", "s3"]) && alltrue([for endpoint in values(aws_vpc_endpoint.gateway) : endpoint.vpc_endpoint_type == "Gateway"])
    error_message = "S3 and DynamoDB are reached by route, for nothing."
  }

  assert {
    condition = alltrue([
      for endpoint in concat(values(aws_vpc_endpoint.gateway), values(aws_vpc_endpoint.interface)) :
      jsondecode(endpoint.policy).Statement[0].Condition == { StringEquals = { "aws:PrincipalAccount" = "123456789012" } }
    ])
    error_message = "Endpoints take this account's principals alone."
  }

  assert {
    condition     = { for port, rule in aws_vpc_security_group_egress_rule.databases : port => rule.cidr_ipv4 } == { "5432" = "10.42.0.0/16", "6379" = "10.42.0.0/16" }
    error_message = "Functions reach databases in the network."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints.to_port == 443
    error_message = "Endpoints take TLS."
  }
}

run "has_one_way_out" {
  command = plan
  variables {
    nat            = "one"
    internet_ports = [443, 6543]
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"] && keys(aws_route.private) == ["eu-central-1a", "eu-central-1b"]
    error_message = "All zones share one way out."
  }

  assert {
    condition     = aws_subnet.public["eu-central-1a"].cidr_block == "10.42.240.0/20" && !aws_subnet.public["eu-central-1a"].map_public_ip_on_launch
    error_message = "Public subnets are the last of the range, and give nobody an address."
  }

  assert {
    condition     = keys(aws_vpc_security_group_egress_rule.internet) == ["443", "6543"]
    error_message = "Functions reach these ports and no others."
  }
}

run "has_a_way_out_in_each_zone" {
  command = plan
  variables {
    nat        = "per_zone"
    zone_count = 3
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    error_message = "Each zone has its own."
  }
}

run "refuses_a_public_range" {
  command         = plan
  expect_failures = [var.cidr]
  variables {
    cidr = "8.8.0.0/16"
  }
}

run "refuses_what_is_no_port" {
  command         = plan
  expect_failures = [var.database_ports]
  variables {
    database_ports = [0]
  }
}

run "refuses_to_pay_for_s3" {
  command         = plan
  expect_failures = [var.interface_endpoints]
  variables {
    interface_endpoints = ["s3"]
  }
}

run "refuses_what_is_no_port_of_the_internet" {
  command         = plan
  expect_failures = [var.internet_ports]
  variables {
    internet_ports = [70000]
  }
}

run "refuses_a_name_with_a_space" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork dev"
  }
}

run "refuses_two_ways_out" {
  command         = plan
  expect_failures = [var.nat]
  variables {
    nat = "two"
  }
}

run "refuses_one_zone" {
  command         = plan
  expect_failures = [var.zone_count]
  variables {
    zone_count = 1
  }
}
