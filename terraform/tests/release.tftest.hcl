# How versions are released, what a deployment is told of them, and who may read what.
provider "aws" {
  region                      = "eu-central-1"
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

override_resource {
  target          = module.secrets.aws_secretsmanager_secret.this
  override_during = plan
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-dev-settings-AbCdEf" }
}

override_resource {
  target          = module.migrations_secret.aws_secretsmanager_secret.this
  override_during = plan
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-dev-migrations-GhIjKl" }
}

override_resource {
  target          = module.function["api"].aws_lambda_function.this
  override_during = plan
  values          = { version = "7" }
}

override_data {
  target = module.documents[0].data.aws_caller_identity.this[0]
  values = { account_id = "123456789012" }
}

variables {
  environment           = "dev"
  aws_region            = "eu-central-1"
  image_digest          = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  secret_values         = { DATABASE_URL = "postgresql://app@somewhere", MIGRATION_DATABASE_URL = "postgresql://owner@somewhere" }
  secret_values_version = 3
}

run "tells_a_deployment_what_to_release" {
  command = plan

  assert {
    condition = output.functions == {
      api = {
        alias_name            = "live"
        deployment_group_name = "coachwork-dev-api"
        function_name         = "coachwork-dev-api"
        log_group_name        = "/aws/lambda/coachwork-dev-api"
        memory_mb             = 1769
        timeout_seconds       = 300
        version               = "7"
      }
    }
    error_message = "Function, alias, deployment group and the version published last."
  }

  assert {
    condition     = output.codedeploy_application_name == "coachwork-dev" && output.routes == { "/" = "api" }
    error_message = "One application; the only function answers everything."
  }

  assert {
    condition     = module.release.deployment_config_name == "coachwork-dev-canary-10-percent-5-minutes"
    error_message = "Unasked, a tenth of the callers for five minutes."
  }

  assert {
    condition     = length(module.alarms.release_alarm_names["coachwork-dev-api"]) >= 4 && length(setsubtract(module.alarms.release_alarm_names["coachwork-dev-api"], output.alarm_names)) == 0
    error_message = "Errors, duration, 5xx and latency send a version back, and all of them are alarms of ours."
  }
}

run "releases_each_function" {
  command = plan
  variables {
    layout  = "per_service"
    release = { strategy = "all_at_once" }
  }

  assert {
    condition     = module.release.deployment_group_names == { coachwork-dev-fitness = "coachwork-dev-fitness", coachwork-dev-knowledge = "coachwork-dev-knowledge" }
    error_message = "Each function has a deployment group of its name."
  }

  assert {
    condition     = output.routes == { "/" = "fitness", "/api/v1/documents" = "knowledge", "/api/v1/knowledge" = "knowledge" }
    error_message = "A deployment knows which function answers what."
  }

  assert {
    condition     = module.release.deployment_config_name == "CodeDeployDefault.LambdaAllAtOnce"
    error_message = "All at once, AWS's own configuration does it."
  }
}

run "keeps_migrations_secret_from_functions" {
  command = plan

  assert {
    condition     = output.secrets_name == "coachwork-dev-settings" && output.migrations_secret_name == "coachwork-dev-migrations" && output.secret_values_version == 3
    error_message = "Two secrets, and the version they were written with."
  }

  assert {
    condition = [
      for statement in jsondecode(module.role["api"].policy_json).Statement : statement.Resource
      if anytrue([for action in flatten([statement.Action]) : startswith(action, "secretsmanager:")])
    ] == ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-dev-settings-AbCdEf"]
    error_message = "A function reads its settings, and not whom migrations connect as."
  }

  assert {
    condition     = !strcontains(module.role["api"].policy_json, "coachwork-dev-migrations")
    error_message = "No statement of a function's role names the second secret."
  }

  assert {
    condition     = !contains(values(module.function["api"].environment), "coachwork-dev-migrations")
    error_message = "No function knows the second secret's name."
  }
}

run "keeps_it_from_each_function" {
  command = plan
  variables {
    layout      = "per_service"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  }

  assert {
    condition     = alltrue([for role in values(module.role) : !strcontains(role.policy_json, "migrations") && !strcontains(role.policy_json, "secret:*") && !strcontains(role.policy_json, "GetSecretValue\",\"Resource\":\"*")])
    error_message = "Whatever the layout, no function's role names the second secret, or any."
  }
}

run "refuses_an_unknown_strategy" {
  command         = plan
  expect_failures = [var.release]
  variables {
    release = { strategy = "blue_green" }
  }
}
