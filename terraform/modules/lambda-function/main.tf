# Every change publishes a version; callers call the alias `live`, which a release moves from one to the next.

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:how long is the caller's to say; 7 days by default
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key_arn
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_116:asynchronous invocations have a failure destination (async), or work that keeps its own failures
  #checkov:skip=CKV_AWS_117:in a VPC only where the caller says so (network): public services need none
  #checkov:skip=CKV_AWS_272:code signing is for archives; an image is named by digest
  function_name                  = var.name
  description                    = var.description
  role                           = var.role_arn
  package_type                   = "Image"
  image_uri                      = var.image_uri
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.environment_kms_key_arn
  publish                        = true

  image_config {
    command = var.command
  }

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  logging_config {
    log_format = "Text" # the application writes lines of JSON itself; "JSON" would wrap them once more
    log_group  = aws_cloudwatch_log_group.this.name
  }

  dynamic "snap_start" {
    for_each = var.start.mode == "snap_start" ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.network == null ? [] : [var.network]

    content {
      security_group_ids = vpc_config.value.security_group_ids
      subnet_ids         = vpc_config.value.subnet_ids
    }
  }

  tracing_config {
    mode = "Active"
  }
}

# Made at the first version. From then on CodeDeploy moves it (module release), in steps and back if need be: to
# Terraform, where it stands is no difference. Its ARN never changes, so whatever invokes it stays as it is.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "What callers get"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_lambda_provisioned_concurrency_config" "this" {
  count = var.start.mode == "provisioned" ? 1 : 0

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = var.start.provisioned_concurrency
}

resource "aws_lambda_function_event_invoke_config" "live" {
  count = var.async == null ? 0 : 1

  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = var.async.max_retries
  maximum_event_age_in_seconds = var.async.max_event_age_seconds

  dynamic "destination_config" {
    for_each = var.async.dead_letter_arn == null ? [] : [var.async.dead_letter_arn]

    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}
