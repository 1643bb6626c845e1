# What every function is told, and what it may do: what all need, and what the services it serves do.

locals {
  # Settings and names; what is secret lies in the secret COACHWORK_SECRETS_NAME names.
  environment = merge(
    {
      AWS_REGION_NAME         = var.aws_region
      CHAT_TOKENS_PER_DAY     = tostring(var.tokens_per_day.a_user)
      CHAT_TOKENS_PER_DAY_ALL = tostring(var.tokens_per_day.all_users)
      COACHWORK_SECRETS_NAME  = module.secrets.secret_name
      ENVIRONMENT             = var.environment == "prod" ? "production" : "staging"
    },
    length(var.cors_origins) > 0 ? { CORS_ORIGINS = join(",", var.cors_origins) } : {},
    # behind a domain of its own the API's paths do not begin with the stage
    var.domain == null ? { ROOT_PATH = "/${local.stage_name}" } : {},
  )
  service_environments = { fitness = local.fitness_environment, knowledge = local.knowledge_environment }
  function_environment = {
    for name, function in local.functions : name => merge(
      local.environment,
      { COACHWORK_SERVICES = join(",", function.service_names) },
      [for service in function.service_names : lookup(local.service_environments, service, {})]...
    )
  }

  statements = merge(
    {
      ReadSettings = {
        actions   = ["secretsmanager:GetSecretValue"]
        resources = [module.secrets.secret_arn]
        why       = "its secret settings, read at start; the secret is the environment's own"
      }
      Trace = {
        actions              = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        resources            = ["*"]
        any_resource_because = "X-Ray knows no resources for these"
        why                  = "a trace of each sampled request"
      }
    },
    { for name, statement in local.key_statements : name => statement if var.kms_key_arn != null },
    { for name, statement in local.network_statements : name => statement if var.network != null },
  )

  key_statements = {
    Decrypt = {
      actions   = ["kms:Decrypt"]
      resources = [var.kms_key_arn]
      why       = "what lies encrypted with the key: secrets, objects, its own environment"
    }
    EncryptFiles = {
      actions    = ["kms:GenerateDataKey"]
      resources  = [var.kms_key_arn]
      conditions = [{ test = "StringEquals", variable = "kms:ViaService", values = ["s3.${var.aws_region}.amazonaws.com"] }]
      why        = "objects it writes are encrypted with the key, through S3 alone"
    }
  }

  # Written out rather than read from the module: the role is made before the function that has it.
  function_arns = {
    for name in keys(local.functions) : name => "arn:${local.partition}:lambda:${var.aws_region}:${local.account_id}:function:${local.name}-${name}"
  }

  # What outlasts API Gateway's 29 seconds a function hands to an asynchronous invocation of its own alias. Beyond
  # five minutes nobody waits for it (chassis/tasks/invocations.py knows that too), and it is a dead letter.
  async = { dead_letter_arn = aws_sqs_queue.dead_letters.arn, max_event_age_seconds = 300, max_retries = 2 }

  own_statements = {
    for name in keys(local.functions) : name => {
      InvokeItself = {
        actions   = ["lambda:InvokeFunction"]
        resources = [local.function_arns[name], "${local.function_arns[name]}:*"] # a version is tried before it is live
        why       = "what outlasts API Gateway's 29 seconds is handed to an asynchronous invocation of itself, as it was invoked"
      }
      KeepDeadLetters = {
        actions   = ["sqs:SendMessage"]
        resources = [local.dead_letters_arn]
        why       = "asynchronous work that is given up: Lambda puts it into the queue with the function's role"
      }
      WriteLogs = {
        actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        resources = ["arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws/lambda/${local.name}-${name}:*"]
        why       = "its own log group and no other"
      }
    }
  }

  service_statements = { fitness = local.fitness_statements, knowledge = local.knowledge_statements }
  function_statements = {
    for name, function in local.functions : name => merge(
      local.statements,
      local.own_statements[name],
      [for service in function.service_names : lookup(local.service_statements, service, {})]...
    )
  }
}
