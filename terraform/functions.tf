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

  statements = merge(
    {
      ReadSettings = {
        actions   = ["secretsmanager:GetSecretValue"]
        resources = [module.secrets.secret_arn]
      }
      ReadVideos = {
        actions   = ["s3:GetObject"]
        resources = ["arn:${local.partition}:s3:::${local.name}-videos-${local.account_id}/videos/*"]
      }
      Trace = {
        actions              = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        resources            = ["*"]
        any_resource_because = "X-Ray knows no resources for these"
      }
    },
    var.kms_key_arn == null ? {} : {
      Decrypt = {
        actions   = ["kms:Decrypt"]
        resources = [var.kms_key_arn]
      }
    },
  )

  # A function writes its own log group and no other's.
  log_statements = {
    for name in keys(local.functions) : name => {
      WriteLogs = {
        actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        resources = ["arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws/lambda/${local.name}-${name}:*"]
      }
    }
  }
}
