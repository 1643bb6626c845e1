# The real provider with keys that open nothing: a plan evaluates policy documents and asks nobody.
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

override_data {
  target = module.documents[0].data.aws_caller_identity.this[0]
  values = { account_id = "123456789012" }
}

variables {
  environment           = "dev"
  aws_region            = "eu-central-1"
  image_digest          = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  cors_origins          = ["https://app.example.com"]
  secret_values         = { DATABASE_URL = "postgresql://somewhere", OPENAI_API_KEY = "key" }
  secret_values_version = 1
  services              = { fitness = {} }
}

run "deploys_one_function" {
  command = plan

  assert {
    condition     = keys(module.function) == ["api"] && keys(module.role) == ["api"]
    error_message = "Layout single is one function and one role."
  }

  assert {
    condition = jsondecode(module.role["api"].policy_json).Statement == [
      {
        Sid    = "InvokeItself"
        Effect = "Allow"
        Action = "lambda:InvokeFunction"
        Resource = [
          "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api:*",
          "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api",
        ]
      },
      {
        Sid      = "KeepDeadLetters"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = "arn:aws:sqs:eu-central-1:123456789012:coachwork-dev-dead-letters"
      },
      {
        Sid       = "ListVideos"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = "arn:aws:s3:::coachwork-dev-videos-123456789012-eu-central-1"
        Condition = { StringLike = { "s3:prefix" = "videos/*" } }
      },
      {
        Sid      = "ReadSettings"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-dev-settings-AbCdEf"
      },
      {
        Sid      = "ReadVideos"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::coachwork-dev-videos-123456789012-eu-central-1/videos/*"
      },
      {
        Sid      = "RemoveVideos"
        Effect   = "Allow"
        Action   = "s3:DeleteObject"
        Resource = "arn:aws:s3:::coachwork-dev-videos-123456789012-eu-central-1/videos/*"
      },
      {
        Sid      = "Trace"
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Resource = "*"
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:PutLogEvents", "logs:CreateLogStream"]
        Resource = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/coachwork-dev-api:*"
      },
      {
        Sid      = "WriteVideos"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "arn:aws:s3:::coachwork-dev-videos-123456789012-eu-central-1/videos/*"
      },
    ]
    error_message = "The role invokes its own function, reads one secret, keeps the videos, keeps dead letters, traces, writes its own logs: nothing else."
  }

  assert {
    condition = module.function["api"].environment == tomap({
      AWS_REGION_NAME         = "eu-central-1"
      CHAT_TOKENS_PER_DAY     = "50000"
      CHAT_TOKENS_PER_DAY_ALL = "2000000"
      COACHWORK_SECRETS_NAME  = "coachwork-dev-settings"
      COACHWORK_SERVICES      = "fitness"
      CORS_ORIGINS            = "https://app.example.com"
      ENVIRONMENT             = "staging"
      ROOT_PATH               = "/production"
      S3_BUCKET_NAME          = "coachwork-dev-videos-123456789012-eu-central-1"
    })
    error_message = "The environment holds settings and names."
  }

  assert {
    condition     = length(distinct(module.alarms.alarm_names)) == length(module.alarms.alarm_names) && length(module.alarms.alarm_names) == 11
    error_message = "No alarm takes another's name."
  }

  assert {
    condition     = length(module.tables) == 0 && length(module.documents) == 0
    error_message = "Where nobody serves documents, nothing is kept for them."
  }

  assert {
    condition     = output.ecr_repository_url == "123456789012.dkr.ecr.eu-central-1.amazonaws.com/coachwork"
    error_message = "Images go to the repository bootstrap made."
  }
}

run "deploys_a_function_a_service" {
  command = plan
  variables {
    layout = "per_service"
    services = {
      fitness = {}
      echoes  = { memory_mb = 512, timeout_seconds = 20, paths = ["/api/v1/echoes"] }
    }
  }

  assert {
    condition     = keys(module.function) == ["echoes", "fitness"] && keys(module.role) == ["echoes", "fitness"]
    error_message = "Each service has a function and a role."
  }

  assert {
    condition     = local.routes == { "/" = "fitness", "/api/v1/echoes" = "echoes" }
    error_message = "Each service has its paths, and one the rest."
  }

  assert {
    condition     = module.function["echoes"].environment["COACHWORK_SERVICES"] == "echoes"
    error_message = "A function mounts its own service."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(module.role["echoes"].policy_json).Statement :
      statement.Resource == "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/coachwork-dev-echoes:*"
    ])
    error_message = "A function writes its own logs."
  }

  assert {
    condition = jsonencode([
      for statement in jsondecode(module.role["echoes"].policy_json).Statement : sort(statement.Resource) if statement.Sid == "InvokeItself"
      ]) == jsonencode([[
        "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-echoes",
        "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-echoes:*",
    ]])
    error_message = "A function invokes itself, and no other."
  }
}

run "gives_a_function_what_its_service_needs" {
  command = plan
  variables {
    layout = "per_service"
    services = {
      fitness   = {}
      knowledge = { paths = ["/api/v1/documents", "/api/v1/knowledge"], timeout_seconds = 300 }
    }
  }

  assert {
    condition = jsondecode(module.role["knowledge"].policy_json).Statement == [
      {
        Sid      = "FindDocumentsByHash"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/coachwork-dev-documents/index/FileHashIndex"
      },
      {
        Sid    = "InvokeItself"
        Effect = "Allow"
        Action = "lambda:InvokeFunction"
        Resource = [
          "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-knowledge:*",
          "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-knowledge",
        ]
      },
      {
        Sid    = "KeepChatHistory"
        Effect = "Allow"
        Action = [
          "dynamodb:UpdateItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:GetItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:BatchWriteItem",
        ]
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/coachwork-dev-chat-history"
      },
      {
        Sid      = "KeepDeadLetters"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = "arn:aws:sqs:eu-central-1:123456789012:coachwork-dev-dead-letters"
      },
      {
        Sid    = "KeepDocuments"
        Effect = "Allow"
        Action = [
          "dynamodb:UpdateItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:GetItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:BatchWriteItem",
          "dynamodb:BatchGetItem",
        ]
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/coachwork-dev-documents"
      },
      {
        Sid       = "ListFiles"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1"
        Condition = { StringLike = { "s3:prefix" = ["originals/*", "chunks/*"] } }
      },
      {
        Sid    = "ReadFiles"
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = [
          "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1/originals/*",
          "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1/chunks/*",
        ]
      },
      {
        Sid      = "ReadSettings"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-dev-settings-AbCdEf"
      },
      {
        Sid    = "RemoveFiles"
        Effect = "Allow"
        Action = "s3:DeleteObject"
        Resource = [
          "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1/originals/*",
          "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1/chunks/*",
        ]
      },
      {
        Sid      = "Trace"
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Resource = "*"
      },
      {
        Sid    = "WriteFiles"
        Effect = "Allow"
        Action = "s3:PutObject"
        Resource = [
          "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1/originals/*",
          "arn:aws:s3:::coachwork-dev-documents-123456789012-eu-central-1/chunks/*",
        ]
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:PutLogEvents", "logs:CreateLogStream"]
        Resource = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/coachwork-dev-knowledge:*"
      },
    ]
    error_message = "The role keeps two tables and two prefixes of one bucket beside what every function may do: nothing else."
  }

  assert {
    condition = toset([for statement in jsondecode(module.role["fitness"].policy_json).Statement : statement.Sid]) == toset([
      "InvokeItself", "KeepDeadLetters", "ListVideos", "ReadSettings", "ReadVideos", "RemoveVideos", "Trace", "WriteLogs", "WriteVideos",
    ])
    error_message = "Who does not serve documents may do nothing with them."
  }

  assert {
    condition = module.function["knowledge"].environment == tomap({
      AWS_REGION_NAME         = "eu-central-1"
      CHAT_HISTORY_TABLE_NAME = "coachwork-dev-chat-history"
      CHAT_TOKENS_PER_DAY     = "50000"
      CHAT_TOKENS_PER_DAY_ALL = "2000000"
      COACHWORK_SECRETS_NAME  = "coachwork-dev-settings"
      COACHWORK_SERVICES      = "knowledge"
      CORS_ORIGINS            = "https://app.example.com"
      DOCUMENTS_BUCKET_NAME   = "coachwork-dev-documents-123456789012-eu-central-1"
      DOCUMENTS_TABLE_NAME    = "coachwork-dev-documents"
      ENVIRONMENT             = "staging"
      ROOT_PATH               = "/production"
    })
    error_message = "A function knows the names of what its service keeps."
  }

  assert {
    condition     = !contains(keys(module.function["fitness"].environment), "DOCUMENTS_BUCKET_NAME")
    error_message = "And not of what another's does."
  }

  assert {
    condition     = local.routes == { "/" = "fitness", "/api/v1/documents" = "knowledge", "/api/v1/knowledge" = "knowledge" }
    error_message = "Documents and what is asked of them go to the service that has them."
  }

  assert {
    condition     = local.knowledge_function == "knowledge" && local.functions.knowledge.timeout_seconds == 300
    error_message = "The bucket's events go to the function that serves the documents, which has five minutes for one."
  }

  assert {
    condition     = toset(keys(module.tables)) == toset(["documents", "chat-history"])
    error_message = "The service has two tables."
  }
}

run "gives_one_function_what_all_services_need" {
  command = plan
  variables {
    services = { fitness = {}, knowledge = { timeout_seconds = 300 } }
  }

  assert {
    condition = toset([for statement in jsondecode(module.role["api"].policy_json).Statement : statement.Sid]) == toset([
      "FindDocumentsByHash", "InvokeItself", "KeepChatHistory", "KeepDeadLetters", "KeepDocuments", "ListFiles", "ListVideos", "ReadFiles",
      "ReadSettings", "ReadVideos", "RemoveFiles", "RemoveVideos", "Trace", "WriteFiles", "WriteLogs", "WriteVideos",
    ])
    error_message = "The function that serves all may what each service needs."
  }

  assert {
    condition     = local.knowledge_function == "api" && local.functions.api.timeout_seconds == 300
    error_message = "The bucket's events go to the only function."
  }

  assert {
    condition     = length(distinct(module.alarms.alarm_names)) == length(module.alarms.alarm_names) && length(module.alarms.alarm_names) == 15
    error_message = "Both tables are watched, and no alarm takes another's name."
  }
}

run "deploys_all_services_unasked" {
  command = plan
  variables {
    services = null
  }

  assert {
    condition     = module.function["api"].environment["COACHWORK_SERVICES"] == "fitness,knowledge"
    error_message = "Without a choice, every service is deployed."
  }
}

run "keeps_nothing_for_a_service_it_does_not_serve" {
  command = plan
  variables {
    services = { knowledge = {} }
  }

  assert {
    condition     = output.videos_bucket_name == null && length(module.videos) == 0 && length(module.documents) == 1
    error_message = "Without the service fitness there are no videos."
  }
}

run "deploys_several_services_as_one" {
  command = plan
  variables {
    services = {
      fitness = { reserved_concurrency = 10 }
      echoes  = { reserved_concurrency = 5, memory_mb = 2048, paths = ["/api/v1/echoes"] }
    }
  }

  assert {
    condition = (
      local.functions.api.memory_mb == 2048
      && local.functions.api.reserved_concurrency == 15
      && module.function["api"].environment["COACHWORK_SERVICES"] == "echoes,fitness"
      && keys(local.routes) == ["/"]
    )
    error_message = "One function, as large as its largest service, for as many requests as all."
  }
}

run "keeps_names_under_awss_limits" {
  command = plan
  variables {
    prefix      = "a-prefix-of-16-c"
    environment = "staging"
    layout      = "per_service"
    services = {
      fitness              = { paths = ["/fitness"] }
      knowledge            = { paths = ["/knowledge"] }
      service_of_20_chars_ = {}
    }
  }

  assert {
    condition = (
      length(module.videos[0].bucket_name) <= 63
      && length(module.documents[0].bucket_name) <= 63
      && length(module.function["service_of_20_chars_"].function_name) <= 64
      && length(module.role["service_of_20_chars_"].role_name) <= 64
    )
    error_message = "The longest names fit."
  }
}

run "takes_a_key" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(module.role["api"].policy_json).Statement :
      statement.Sid == "Decrypt" && statement.Resource == "arn:aws:kms:eu-central-1:123456789012:key/1"
    ])
    error_message = "The function may decrypt with that key."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(module.role["api"].policy_json).Statement :
      statement.Sid == "EncryptFiles"
      && statement.Action == "kms:GenerateDataKey"
      && try(statement.Condition, {}) == { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } }
    ])
    error_message = "What it uploads is encrypted with that key, by S3 alone."
  }
}

run "refuses_an_account_that_is_no_number" {
  command         = plan
  expect_failures = [var.aws_account_id]
  variables {
    aws_account_id = "production"
  }
}

run "refuses_an_unknown_region" {
  command         = plan
  expect_failures = [var.aws_region]
  variables {
    aws_region = "frankfurt"
  }
}

run "refuses_an_unknown_environment" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = "test"
  }
}

run "refuses_a_tag_for_a_digest" {
  command         = plan
  expect_failures = [var.image_digest]
  variables {
    image_digest = "latest"
  }
}

run "refuses_what_is_no_key" {
  command         = plan
  expect_failures = [var.kms_key_arn]
  variables {
    kms_key_arn = "alias/key"
  }
}

run "refuses_an_unknown_layout" {
  command         = plan
  expect_failures = [var.layout]
  variables {
    layout = "many"
  }
}

run "refuses_a_long_prefix" {
  command         = plan
  expect_failures = [var.prefix]
  variables {
    prefix = "a-prefix-of-17-ch"
  }
}

run "refuses_no_service" {
  command         = plan
  expect_failures = [var.services]
  variables {
    services = {}
  }
}

run "refuses_two_services_for_the_rest" {
  command         = plan
  expect_failures = [var.services]
  variables {
    layout   = "per_service"
    services = { fitness = {}, echoes = {} }
  }
}

run "refuses_a_path_of_two_services" {
  command         = plan
  expect_failures = [var.services]
  variables {
    services = { fitness = { paths = ["/api"] }, echoes = { paths = ["/api"] } }
  }
}

run "refuses_a_service_without_a_limit" {
  command         = plan
  expect_failures = [var.services]
  variables {
    services = { fitness = { reserved_concurrency = -1 } }
  }
}

run "refuses_a_service_of_too_little_memory" {
  command         = plan
  expect_failures = [var.services]
  variables {
    services = { fitness = { memory_mb = 64 }, echoes = { memory_mb = 2048, paths = ["/api/v1/echoes"] } }
  }
}

run "refuses_a_service_of_too_much_time" {
  command         = plan
  expect_failures = [var.services]
  variables {
    services = { fitness = { timeout_seconds = 901 } }
  }
}

run "refuses_every_origin_in_prod" {
  command         = plan
  expect_failures = [var.cors_origins]
  variables {
    environment  = "prod"
    cors_origins = ["*"]
  }
}

run "refuses_a_disposable_prod" {
  command         = plan
  expect_failures = [var.is_disposable]
  variables {
    environment   = "prod"
    is_disposable = true
  }
}
