# The real provider with keys that open nothing: a plan evaluates policy documents and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name           = "coachwork-dev"
  account_id     = "123456789012"
  emails         = ["on-call@example.com"]
  monthly_budget = { amount_usd = 25, tag = { name = "Environment", value = "dev" } }
}

run "tells_alarms_and_the_budget" {
  command = plan

  assert {
    condition     = aws_sns_topic.this.name == "coachwork-dev-alarms" && keys(aws_sns_topic_subscription.email) == ["on-call@example.com"]
    error_message = "One topic, and who is named is subscribed."
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.topic.json).Statement == [
      {
        Sid       = "ToldByBudgets"
        Effect    = "Allow"
        Principal = { Service = "budgets.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:eu-central-1:123456789012:coachwork-dev-alarms"
        Condition = {
          ArnLike      = { "aws:SourceArn" = "arn:aws:budgets::123456789012:*" }
          StringEquals = { "aws:SourceAccount" = "123456789012" }
        }
      },
      {
        Sid       = "ToldByCloudWatch"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:eu-central-1:123456789012:coachwork-dev-alarms"
        Condition = {
          ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:coachwork-dev-*" }
          StringEquals = { "aws:SourceAccount" = "123456789012" }
        }
      },
    ]
    error_message = "CloudWatch publishes for these alarms and Budgets for this account; nobody else does."
  }

  assert {
    condition = one([
      for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement : statement if statement.Sid == "UsedByPublishers"
      ]) == {
      Sid       = "UsedByPublishers"
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    }
    error_message = "Those who publish may use the key, for this account."
  }

  assert {
    condition = (
      aws_budgets_budget.this[0].limit_amount == "25"
      && one(aws_budgets_budget.this[0].cost_filter).values == tolist(["user:Environment$dev"])
      && toset([for told in aws_budgets_budget.this[0].notification : "${told.notification_type} ${told.threshold}"])
      == toset(["ACTUAL 80", "ACTUAL 100", "FORECASTED 100"])
    )
    error_message = "The budget tells thrice, of what bears the tag."
  }
}

run "makes_no_budget_unasked" {
  command = plan
  variables {
    emails         = []
    monthly_budget = null
  }

  assert {
    condition     = output.budget_name == null && length(aws_sns_topic_subscription.email) == 0
    error_message = "No budget, nobody told by mail."
  }
}

run "refuses_what_is_no_address" {
  command         = plan
  expect_failures = [var.emails]
  variables {
    emails = ["on-call"]
  }
}

run "refuses_a_budget_of_nothing" {
  command         = plan
  expect_failures = [var.monthly_budget]
  variables {
    monthly_budget = { amount_usd = 0 }
  }
}

run "refuses_a_name_with_a_space" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork dev"
  }
}

run "refuses_what_is_no_account" {
  command         = plan
  expect_failures = [var.account_id]
  variables {
    account_id = "production"
  }
}
