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
  name      = "coachwork-dev-fitness"
  role_arn  = "arn:aws:iam::123456789012:role/coachwork-dev-fitness"
  image_uri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/coachwork@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "has_the_fitness_services_defaults" {
  command = plan

  assert {
    condition = (
      aws_lambda_function.this.memory_size == 1024
      && aws_lambda_function.this.timeout == 60
      && aws_lambda_function.this.reserved_concurrent_executions == 10
      && aws_lambda_function.this.architectures == tolist(["x86_64"])
      && aws_lambda_function.this.image_config[0].command == tolist(["coachwork.aws_lambda.handler"])
    )
    error_message = "1024 MB, 60 s, 10 at once, x86_64, Coachwork's handler."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/coachwork-dev-fitness" && aws_cloudwatch_log_group.this.retention_in_days == 7
    error_message = "Logs are kept for 7 days."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "Invocations are traced."
  }

  assert {
    condition     = aws_lambda_function.this.publish && aws_lambda_alias.live.name == "live"
    error_message = "Every change publishes a version, and `live` names one."
  }

  assert {
    condition = (
      length(aws_lambda_function.this.snap_start) == 0
      && length(aws_lambda_provisioned_concurrency_config.this) == 0
      && length(aws_lambda_function_event_invoke_config.live) == 0
    )
    error_message = "Options are off until asked for."
  }
}

run "takes_options" {
  command = plan
  variables {
    environment = { COACHWORK_SECRETS_NAME = "coachwork-dev-settings" }
    logs        = { retention_days = 30, kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
    start       = { mode = "provisioned", provisioned_concurrency = 2 }
    async       = { dead_letter_arn = "arn:aws:sqs:eu-central-1:123456789012:coachwork-dev-dead-letters" }
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ COACHWORK_SECRETS_NAME = "coachwork-dev-settings" })
    error_message = "The environment is what was given."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 30 && aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/1"
    error_message = "Logs are kept and encrypted as asked."
  }

  assert {
    condition     = aws_lambda_provisioned_concurrency_config.this[0].provisioned_concurrent_executions == 2
    error_message = "Instances are provisioned for the alias."
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 2
      && aws_lambda_function_event_invoke_config.live[0].destination_config[0].on_failure[0].destination == "arn:aws:sqs:eu-central-1:123456789012:coachwork-dev-dead-letters"
    )
    error_message = "Failed asynchronous invocations are retried twice and then kept."
  }
}

run "starts_from_a_snapshot" {
  command = plan
  variables {
    start = { mode = "snap_start" }
  }

  assert {
    condition     = aws_lambda_function.this.snap_start[0].apply_on == "PublishedVersions"
    error_message = "Published versions are snapshot."
  }
}

run "refuses_a_tag_for_a_digest" {
  command         = plan
  expect_failures = [var.image_uri]
  variables {
    image_uri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/coachwork:latest"
  }
}

run "refuses_an_unknown_architecture" {
  command         = plan
  expect_failures = [var.architecture]
  variables {
    architecture = "sparc"
  }
}

run "refuses_an_empty_command" {
  command         = plan
  expect_failures = [var.command]
  variables {
    command = []
  }
}

run "refuses_a_long_description" {
  command         = plan
  expect_failures = [var.description]
  variables {
    description = join("", [for i in range(257) : "x"])
  }
}

run "refuses_a_secret_in_the_environment" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = { OPENAI_API_KEY = "value" }
  }
}

run "refuses_a_database_url_in_the_environment" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = { DATABASE_URL = "value" }
  }
}

run "refuses_a_bad_variable_name" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = { "1ST" = "value" }
  }
}

run "refuses_an_environment_too_large" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = { TEXT = join("", [for i in range(1000) : "12345"]) }
  }
}

run "refuses_an_unknown_retention" {
  command         = plan
  expect_failures = [var.logs]
  variables {
    logs = { retention_days = 8 }
  }
}

run "refuses_too_much_memory" {
  command         = plan
  expect_failures = [var.memory_mb]
  variables {
    memory_mb = 10241
  }
}

run "refuses_too_little_memory" {
  command         = plan
  expect_failures = [var.memory_mb]
  variables {
    memory_mb = 127
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork-staging-a-name-that-is-longer-than-what-lambda-allows-a-function"
  }
}

run "refuses_half_an_execution" {
  command         = plan
  expect_failures = [var.reserved_concurrency]
  variables {
    reserved_concurrency = 0.5
  }
}

run "refuses_too_long_a_timeout" {
  command         = plan
  expect_failures = [var.timeout_seconds]
  variables {
    timeout_seconds = 901
  }
}

run "refuses_no_time_at_all" {
  command         = plan
  expect_failures = [var.timeout_seconds]
  variables {
    timeout_seconds = 0
  }
}

run "refuses_an_unknown_start" {
  command         = plan
  expect_failures = [var.start]
  variables {
    start = { mode = "warm" }
  }
}

run "refuses_a_snapshot_with_provisioned_instances" {
  command         = plan
  expect_failures = [var.start]
  variables {
    start = { mode = "snap_start", provisioned_concurrency = 1 }
  }
}

run "refuses_more_provisioned_than_reserved" {
  command         = plan
  expect_failures = [var.start]
  variables {
    start = { mode = "provisioned", provisioned_concurrency = 11 }
  }
}

run "drops_what_keeps_its_own_failures" {
  command = plan
  variables {
    async = { max_event_age_seconds = 300 }
  }

  assert {
    condition = (
      length(aws_lambda_function_event_invoke_config.live[0].destination_config) == 0
      && aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 300
    )
    error_message = "Without dead letters there is still an age and a number of retries."
  }
}

run "refuses_dead_letters_to_a_bucket" {
  command         = plan
  expect_failures = [var.async]
  variables {
    async = { dead_letter_arn = "arn:aws:s3:::bucket" }
  }
}

run "refuses_an_event_too_old" {
  command         = plan
  expect_failures = [var.async]
  variables {
    async = { dead_letter_arn = "arn:aws:sqs:eu-central-1:123456789012:q", max_event_age_seconds = 21601 }
  }
}

run "refuses_too_many_retries" {
  command         = plan
  expect_failures = [var.async]
  variables {
    async = { dead_letter_arn = "arn:aws:sqs:eu-central-1:123456789012:q", max_retries = 3 }
  }
}

run "is_in_a_network" {
  command = plan
  variables {
    network = { security_group_ids = ["sg-1"], subnet_ids = ["subnet-1", "subnet-2"] }
  }

  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"]) && aws_lambda_function.this.vpc_config[0].security_group_ids == toset(["sg-1"])
    error_message = "The function is in these subnets, with these groups."
  }
}

run "refuses_a_network_of_nothing" {
  command         = plan
  expect_failures = [var.network]
  variables {
    network = { security_group_ids = ["sg-1"], subnet_ids = [] }
  }
}
