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
  name           = "coachwork-dev-settings"
  values         = { DATABASE_URL = "postgresql://somewhere", OPENAI_API_KEY = "key" }
  values_version = 1
}

run "writes_and_does_not_keep" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret.this.name == "coachwork-dev-settings" && aws_secretsmanager_secret.this.recovery_window_in_days == 30
    error_message = "The secret has its name and can be had back for 30 days."
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this[0].secret_string_wo_version == 1
    error_message = "Values are written once a version."
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this[0].secret_string_wo == null && aws_secretsmanager_secret_version.this[0].secret_string == null
    error_message = "No value is in the plan."
  }
}

run "leaves_values_to_someone_else" {
  command = plan
  variables {
    values         = {}
    values_version = 0
  }

  assert {
    condition     = length(aws_secretsmanager_secret_version.this) == 0
    error_message = "Version 0 writes nothing."
  }
}

run "refuses_a_space_in_the_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork settings"
  }
}

run "refuses_a_name_that_ends_like_an_arn" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork-abc123"
  }
}

run "refuses_a_window_too_short" {
  command         = plan
  expect_failures = [var.recovery_window_days]
  variables {
    recovery_window_days = 6
  }
}

run "refuses_a_window_too_long" {
  command         = plan
  expect_failures = [var.recovery_window_days]
  variables {
    recovery_window_days = 31
  }
}

run "refuses_small_letters" {
  command         = plan
  expect_failures = [var.values]
  variables {
    values = { database_url = "postgresql://somewhere" }
  }
}

run "refuses_an_empty_value" {
  command         = plan
  expect_failures = [var.values]
  variables {
    values = { DATABASE_URL = "" }
  }
}

run "refuses_half_a_version" {
  command         = plan
  expect_failures = [var.values_version]
  variables {
    values_version = 0.5
  }
}
