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

override_resource {
  target          = aws_sqs_queue.dead_letters
  override_during = plan
  values          = { arn = "arn:aws:sqs:eu-central-1:123456789012:coachwork-dev-dead-letters" }
}

override_resource {
  target          = module.notifications.aws_sns_topic.this
  override_during = plan
  values          = { arn = "arn:aws:sns:eu-central-1:123456789012:coachwork-dev-alarms" }
}

variables {
  environment  = "dev"
  aws_region   = "eu-central-1"
  image_digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "tells_its_own_topic_and_others" {
  command = plan
  variables {
    notify_arns   = ["arn:aws:sns:eu-central-1:123456789012:everybody"]
    notify_emails = ["on-call@example.com"]
  }

  assert {
    condition = alltrue([
      for alarm in values(module.alarms.alarms) : alarm.alarm_actions == toset([
        "arn:aws:sns:eu-central-1:123456789012:coachwork-dev-alarms", "arn:aws:sns:eu-central-1:123456789012:everybody",
      ])
    ])
    error_message = "Every alarm is told to the topic made here, and to those given."
  }

  assert {
    condition     = output.notifications_topic_arn == "arn:aws:sns:eu-central-1:123456789012:coachwork-dev-alarms"
    error_message = "Whoever deploys is told which topic that is."
  }
}

run "keeps_dead_letters" {
  command = plan

  assert {
    condition = (
      aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
      && local.async.dead_letter_arn == local.dead_letters_arn
      && one([for statement in jsondecode(module.role["api"].policy_json).Statement : statement.Resource if statement.Sid == "KeepDeadLetters"]) == local.dead_letters_arn
    )
    error_message = "What is given up goes to the queue that the role names, encrypted."
  }
}

run "shows_a_dashboard_and_keeps_questions" {
  command = plan

  assert {
    condition     = output.dashboard_name == "coachwork-dev-eu-central-1" && contains(output.query_names, "coachwork-dev/one-request")
    error_message = "They bear the environment's name."
  }
}

run "limits_tokens_and_watches_the_limit" {
  command = plan
  variables {
    tokens_per_day = { a_user = 1000, all_users = 10000 }
  }

  assert {
    condition = (
      module.function["api"].environment["CHAT_TOKENS_PER_DAY"] == "1000"
      && module.function["api"].environment["CHAT_TOKENS_PER_DAY_ALL"] == "10000"
      && module.alarms.alarms["coachwork-dev-tokens"].threshold == 8000
    )
    error_message = "What the functions are told is what the alarm is held against."
  }
}

run "refuses_a_user_more_than_all" {
  command         = plan
  expect_failures = [var.tokens_per_day]
  variables {
    tokens_per_day = { a_user = 1000, all_users = 999 }
  }
}
