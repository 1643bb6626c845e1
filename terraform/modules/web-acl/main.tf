# What a REST API's stage refuses before the API sees it. Rules are tried in this order; the first that blocks ends it.

locals {
  # The rules of the common group that judge a body by what it looks like. Uploads look like anything, and so may a
  # chat: these only label it, and the rule after the group blocks what has a label and is no upload.
  body_rules = ["CrossSiteScripting_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "SizeRestrictions_BODY"]

  # With or without the stage: AWS's own address has it in the path, a domain does not.
  free_bodies = "^(/${var.stage_name})?(${join("|", [for path in sort(var.free_body_paths) : replace(path, ".", "\\.")])})(/.*)?$"

  groups = {
    AWSManagedRulesAmazonIpReputationList = { priority = 20, counted = [] }
    AWSManagedRulesKnownBadInputsRuleSet  = { priority = 30, counted = [] }
    AWSManagedRulesCommonRuleSet          = { priority = 40, counted = length(var.free_body_paths) > 0 ? local.body_rules : [] }
  }
}

resource "aws_wafv2_web_acl" "this" {
  name        = var.name
  description = "What ${var.name} refuses at its door"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "rate-by-address"
    priority = 10

    action {
      block {
        custom_response {
          response_code = 429
        }
      }
    }

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
        limit                 = var.requests_per_5_minutes
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-by-address"
      sampled_requests_enabled   = false # a sample shows headers
    }
  }

  dynamic "rule" {
    for_each = local.groups

    content {
      name     = rule.key
      priority = rule.value.priority

      dynamic "override_action" {
        for_each = var.is_enforced ? ["none"] : []

        content {
          none {}
        }
      }

      dynamic "override_action" {
        for_each = var.is_enforced ? [] : ["count"]

        content {
          count {}
        }
      }

      statement {
        managed_rule_group_statement {
          name        = rule.key
          vendor_name = "AWS"

          dynamic "rule_action_override" {
            for_each = rule.value.counted

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = false
      }
    }
  }

  dynamic "rule" {
    for_each = length(var.free_body_paths) > 0 ? [local.free_bodies] : []

    content {
      name     = "bodies"
      priority = 50

      action {
        dynamic "block" {
          for_each = var.is_enforced ? ["block"] : []
          content {}
        }

        dynamic "count" {
          for_each = var.is_enforced ? [] : ["count"]
          content {}
        }
      }

      statement {
        and_statement {
          statement {
            label_match_statement {
              scope = "NAMESPACE"
              key   = "awswaf:managed:aws:core-rule-set:"
            }
          }

          statement {
            not_statement {
              statement {
                regex_match_statement {
                  regex_string = rule.value

                  field_to_match {
                    uri_path {}
                  }

                  text_transformation {
                    priority = 0
                    type     = "NONE"
                  }
                }
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "bodies"
        sampled_requests_enabled   = false
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = var.stage_arn
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:how long is the caller's to say; 7 days by default, for addresses are personal data
  name              = "aws-waf-logs-${var.name}" # AWS wants it to begin like this
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key_arn
}

# What was stopped, or would have been; what passed stands in the access log.
resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.this.arn]

  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      dynamic "condition" {
        for_each = toset(["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"])

        content {
          action_condition {
            action = condition.value
          }
        }
      }
    }
  }

  # Queries carry what people typed, these headers who they are.
  redacted_fields {
    query_string {}
  }

  dynamic "redacted_fields" {
    for_each = ["authorization", "cookie", "x-api-key"]

    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }
}
