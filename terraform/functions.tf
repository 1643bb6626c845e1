# What every function is told, and what it may do.

locals {
  # Settings and names; what is secret lies in the secret COACHWORK_SECRETS_NAME names.
  environment = merge(
    {
      AWS_REGION_NAME        = var.aws_region
      COACHWORK_SECRETS_NAME = module.secrets.secret_name
      ENVIRONMENT            = var.environment == "prod" ? "production" : "staging"
      S3_BUCKET_NAME         = module.videos.bucket_name
    },
    length(var.cors_origins) > 0 ? { CORS_ORIGINS = join(",", var.cors_origins) } : {},
    # behind a domain of its own the API's paths do not begin with the stage
    var.domain == null ? { ROOT_PATH = "/${local.stage_name}" } : {},
  )

  # Written out rather than read from the module, so that the policies are known before the bucket is made.
  videos_arn = "arn:${local.partition}:s3:::${local.name}-videos-${local.account_id}"

  statements = merge(
    {
      ReadSettings = {
        actions   = ["secretsmanager:GetSecretValue"]
        resources = [module.secrets.secret_arn]
      }
      # Only those who may list are told that a video is not there: S3 answers others 403 either way.
      ListVideos = {
        actions    = ["s3:ListBucket"]
        resources  = [local.videos_arn]
        conditions = [{ test = "StringLike", variable = "s3:prefix", values = ["videos/*"] }]
      }
      ReadVideos = {
        actions   = ["s3:GetObject"]
        resources = ["${local.videos_arn}/videos/*"]
      }
      RemoveVideos = {
        actions   = ["s3:DeleteObject"]
        resources = ["${local.videos_arn}/videos/*"]
      }
      # The function never sends a video: it signs forms that do, and a form may do what its signer may.
      WriteVideos = {
        actions   = ["s3:PutObject"]
        resources = ["${local.videos_arn}/videos/*"]
      }
      Trace = {
        actions              = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        resources            = ["*"]
        any_resource_because = "X-Ray knows no resources for these"
      }
    },
    { for name, statement in local.key_statements : name => statement if var.kms_key_arn != null },
  )

  key_statements = {
    Decrypt = {
      actions   = ["kms:Decrypt"]
      resources = [var.kms_key_arn]
    }
    EncryptVideos = {
      actions    = ["kms:GenerateDataKey"]
      resources  = [var.kms_key_arn]
      conditions = [{ test = "StringEquals", variable = "kms:ViaService", values = ["s3.${var.aws_region}.amazonaws.com"] }]
    }
  }

  # Written out rather than read from the module: the role is made before the function that has it.
  function_arns = {
    for name in keys(local.functions) : name => "arn:${local.partition}:lambda:${var.aws_region}:${local.account_id}:function:${local.name}-${name}"
  }

  # What outlasts API Gateway's 29 seconds a function hands to an asynchronous invocation of its own alias. Beyond
  # five minutes nobody waits for it; what fails is kept where its state is, so no queue of dead letters is wanted.
  async = { max_event_age_seconds = 300, max_retries = 2 }

  # A function writes its own log group and invokes itself, and no other.
  own_statements = {
    for name in keys(local.functions) : name => {
      InvokeItself = {
        actions   = ["lambda:InvokeFunction"]
        resources = [local.function_arns[name], "${local.function_arns[name]}:live"]
      }
      WriteLogs = {
        actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        resources = ["arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws/lambda/${local.name}-${name}:*"]
      }
    }
  }
}
