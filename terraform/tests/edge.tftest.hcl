# The real provider with keys that open nothing: a plan evaluates policy documents and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "ireland"
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

# What only an account could tell.
override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_ecr_repository.this
  values = { repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/coachwork" }
}

override_data {
  target = data.aws_route53_zone.this[0]
  values = { zone_id = "Z0123456789ABCDEFGHIJ" }
}

override_data {
  target = module.documents[0].data.aws_caller_identity.this[0]
  values = { account_id = "123456789012" }
}

override_data {
  target = module.network[0].data.aws_availability_zones.this
  values = { names = ["eu-central-1a", "eu-central-1b"] }
}

override_data {
  target = module.network[0].data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_resource {
  target          = module.secrets.aws_secretsmanager_secret.this
  override_during = plan
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-dev-settings-AbCdEf" }
}

override_module {
  target  = module.certificate
  outputs = { certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/made-here" }
}

variables {
  environment  = "dev"
  aws_region   = "eu-central-1"
  image_digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "has_nothing_unasked" {
  command = plan

  assert {
    condition     = length(module.certificate) == 0 && length(module.web_acl) == 0 && length(module.network) == 0
    error_message = "Certificate, firewall and network are made where they are asked for."
  }

  assert {
    condition     = output.usage_plan_id == null && output.domain_target_name == null && output.vpc_id == null
    error_message = "Nor is there a usage plan, or a name."
  }

  assert {
    condition     = !contains(jsondecode(module.role["api"].policy_json).Statement[*].Sid, "AWSLambdaVPCAccessExecutionPermissions")
    error_message = "The role may do nothing with networks."
  }
}

run "makes_a_certificate_in_the_zone" {
  command = plan
  variables {
    domain = { name = "api.example.com", zone_name = "example.com" }
  }

  assert {
    condition     = local.api_domain.certificate_arn == "arn:aws:acm:eu-central-1:123456789012:certificate/made-here"
    error_message = "The API takes the certificate that was proved."
  }

  assert {
    condition     = local.api_domain.zone_id == "Z0123456789ABCDEFGHIJ" && output.api_gateway_invoke_url == "https://api.example.com"
    error_message = "The zone learns the name, which the API is called by."
  }

  assert {
    condition     = !contains(keys(module.function["api"].environment), "ROOT_PATH")
    error_message = "Behind a name of its own the API's paths do not begin with the stage."
  }
}

run "takes_a_certificate_that_is_there" {
  command = plan
  variables {
    domain = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1" }
  }

  assert {
    condition     = length(module.certificate) == 0 && local.api_domain.zone_id == null
    error_message = "No other is made, and no zone touched."
  }
}

run "has_a_firewall" {
  command = plan
  variables {
    web_acl = {}
  }

  assert {
    condition     = length(module.web_acl) == 1
    error_message = "The firewall is before the stage."
  }
}

run "is_in_a_network" {
  command = plan
  variables {
    network = { database_ports = [5432] }
  }

  assert {
    condition = one([
      for statement in jsondecode(module.role["api"].policy_json).Statement : statement if statement.Sid == "AWSLambdaVPCAccessExecutionPermissions"
      ]) == {
      Sid    = "AWSLambdaVPCAccessExecutionPermissions"
      Effect = "Allow"
      Action = [
        "ec2:UnassignPrivateIpAddresses",
        "ec2:DescribeSubnets",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DeleteNetworkInterface",
        "ec2:CreateNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
      ]
      Resource  = "*"
      Condition = { Null = { "lambda:SourceFunctionArn" = "true" } }
    }
    error_message = "Lambda may make the function's interfaces, and the function's code may not."
  }
}

run "frankfurt" {
  command = plan
  variables {
    environment = "prod"
  }

  assert {
    condition = alltrue([
      for name in concat(values(module.role)[*].role_name, [output.videos_bucket_name, output.documents_bucket_name, output.dashboard_name]) :
      endswith(name, "-eu-central-1")
    ])
    error_message = "What an account has once for all regions ends with the region."
  }
}

run "ireland" {
  command = plan

  providers = {
    aws = aws.ireland
  }

  variables {
    environment = "prod"
    aws_region  = "eu-west-1"
  }

  assert {
    condition = length(setintersection(
      concat(values(module.role)[*].role_name, [output.videos_bucket_name, output.documents_bucket_name, output.dashboard_name]),
      [run.frankfurt.videos_bucket_name, run.frankfurt.documents_bucket_name, run.frankfurt.dashboard_name],
    )) == 0
    error_message = "Two regions of an account share no name."
  }

  assert {
    condition = alltrue([
      for name in concat(values(module.role)[*].role_name, [output.videos_bucket_name, output.documents_bucket_name, output.dashboard_name]) :
      endswith(name, "-eu-west-1")
    ])
    error_message = "Here they end with this region."
  }
}

run "refuses_a_firewall_before_an_http_api" {
  command         = plan
  expect_failures = [var.web_acl]
  variables {
    api_protocol = "HTTP"
    web_acl      = {}
  }
}

run "refuses_a_usage_plan_of_an_http_api" {
  command         = plan
  expect_failures = [var.usage_plan]
  variables {
    api_protocol = "HTTP"
    usage_plan   = { paths = ["/"] }
  }
}

run "refuses_a_name_nobody_can_prove" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "api.example.com" }
  }
}

run "refuses_a_name_of_another_zone" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "api.example.org", zone_name = "example.com" }
  }
}
