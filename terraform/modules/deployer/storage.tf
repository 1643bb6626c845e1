# Buckets, tables and secrets, all named after the environment.

locals {
  bucket_arn = "arn:${var.partition}:s3:::${local.name}-*-${var.account_id}-${var.aws_region}"
  table_arn  = "${local.arns.dynamodb}:table/${local.name}-*"
  secret_arns = [
    for noun in ["migrations", "settings"] : "${local.arns.secretsmanager}:secret:${local.name}-${noun}-??????"
  ]

  storage_statements = {
    KeepBuckets = {
      why = "buckets and how they are set, not what is in them"
      actions = [
        "s3:CreateBucket",
        "s3:DeleteBucketPolicy",
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketNotification",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:PutBucketCORS",
        "s3:PutBucketNotification",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ]
      resources = [local.bucket_arn]
    }
    KeepTables = {
      why = "tables and how they are set, not what is in them"
      actions = [
        "dynamodb:CreateTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ]
      resources = [local.table_arn]
    }
    KeepSecrets = {
      why = "the environment's two secrets; a deployment reads whom migrations connect as, and Terraform whether there is a value"
      actions = [
        "secretsmanager:CreateSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutSecretValue",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
      ]
      resources = local.secret_arns
    }
  }

  # Data go with these: only where an environment may be thrown away.
  destruction_statements = {
    DestroyBuckets = {
      why       = "a bucket goes with all versions of what is in it"
      actions   = ["s3:DeleteBucket", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"]
      resources = [local.bucket_arn, "${local.bucket_arn}/*"]
    }
    DestroyTables = {
      why       = "a table goes with what is in it"
      actions   = ["dynamodb:DeleteTable"]
      resources = [local.table_arn]
    }
    DestroySecrets = {
      why       = "a secret goes with its values"
      actions   = ["secretsmanager:DeleteSecret"]
      resources = local.secret_arns
    }
  }

  key_statements = {
    UseKeys = {
      why       = "what lies encrypted with the keys: state, secrets, functions' environments"
      actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = var.kms_key_arns
    }
  }
}
