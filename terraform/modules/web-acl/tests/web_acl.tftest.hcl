# The real provider with keys that open nothing: a plan asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name                   = "coachwork-dev"
  free_body_paths        = ["/api/v1/chat", "/api/v1/documents"]
  requests_per_5_minutes = 1000
  stage_arn              = "arn:aws:apigateway:eu-central-1::/restapis/a1b2c3/stages/production"
}

run "guards_a_stage" {
  command = plan

  assert {
    condition = { for rule in aws_wafv2_web_acl.this.rule : rule.name => rule.priority } == {
      "rate-by-address"                       = 10
      "AWSManagedRulesAmazonIpReputationList" = 20
      "AWSManagedRulesKnownBadInputsRuleSet"  = 30
      "AWSManagedRulesCommonRuleSet"          = 40
      "bodies"                                = 50
    }
    error_message = "The cheapest is tried first, and bodies after the rules that label them."
  }

  assert {
    condition = one([
      for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].rate_based_statement[0].limit if rule.name == "rate-by-address"
    ]) == 1000
    error_message = "An address makes so many requests and no more."
  }

  assert {
    condition = toset(flatten([
      for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].managed_rule_group_statement[0].rule_action_override[*].name
      if rule.name == "AWSManagedRulesCommonRuleSet"
    ])) == toset(["CrossSiteScripting_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "SizeRestrictions_BODY"])
    error_message = "What judges bodies only labels them: the next rule blocks."
  }

  assert {
    condition = alltrue([
      for path, is_free in {
        "/production/api/v1/documents"            = true
        "/api/v1/documents"                       = true
        "/api/v1/documents/1/complete"            = true
        "/production/api/v1/chat/send"            = true
        "/api/v1/documents-of-others"             = false
        "/api/v1/users/login"                     = false
        "/api/v1/users/login?x=/api/v1/documents" = false
      } : can(regex(local.free_bodies, path)) == is_free
    ])
    error_message = "Bodies are free below these paths, with the stage or without, and nowhere else."
  }

  assert {
    condition     = toset(flatten(aws_wafv2_web_acl_logging_configuration.this.redacted_fields[*].single_header[*].name)) == toset(["authorization", "cookie", "x-api-key"])
    error_message = "Logs do not say who somebody is."
  }

  assert {
    condition     = sum([for field in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : length(field.query_string)]) == 1
    error_message = "Logs hold no query strings."
  }

  assert {
    condition     = startswith(aws_cloudwatch_log_group.this.name, "aws-waf-logs-") && aws_cloudwatch_log_group.this.retention_in_days == 7
    error_message = "The log group is one AWS writes to, for 7 days."
  }

  assert {
    condition = (
      !aws_wafv2_web_acl.this.visibility_config[0].sampled_requests_enabled
      && alltrue([for rule in aws_wafv2_web_acl.this.rule : !rule.visibility_config[0].sampled_requests_enabled])
    )
    error_message = "No sample shows headers."
  }
}

run "only_counts_while_it_is_tried_out" {
  command = plan
  variables {
    is_enforced = false
  }

  assert {
    condition = alltrue([
      for rule in aws_wafv2_web_acl.this.rule : length(rule.override_action[0].count) == 1 && length(rule.override_action[0].none) == 0
      if startswith(rule.name, "AWS")
    ])
    error_message = "AWS's rules count."
  }

  assert {
    condition = alltrue([
      for rule in aws_wafv2_web_acl.this.rule : length(rule.action[0].block) == 0 if rule.name == "bodies"
    ])
    error_message = "So does the rule on bodies."
  }
}

run "frees_no_body_unasked" {
  command = plan
  variables {
    free_body_paths = []
  }

  assert {
    condition     = length(aws_wafv2_web_acl.this.rule) == 4 && length(flatten(aws_wafv2_web_acl.this.rule[*].statement[0].managed_rule_group_statement[*].rule_action_override[*])) == 0
    error_message = "Without such paths AWS's rules judge all bodies."
  }
}

run "refuses_a_path_with_a_wildcard" {
  command         = plan
  expect_failures = [var.free_body_paths]
  variables {
    free_body_paths = ["/api/*"]
  }
}

run "refuses_an_unknown_retention" {
  command         = plan
  expect_failures = [var.logs]
  variables {
    logs = { retention_days = 8 }
  }
}

run "refuses_a_name_with_a_space" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork dev"
  }
}

run "refuses_a_rate_aws_does_not_know" {
  command         = plan
  expect_failures = [var.requests_per_5_minutes]
  variables {
    requests_per_5_minutes = 9
  }
}

run "refuses_a_hyphen_in_the_stage" {
  command         = plan
  expect_failures = [var.stage_name]
  variables {
    stage_name = "pre-production"
  }
}
