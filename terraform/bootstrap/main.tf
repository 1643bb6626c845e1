# What an account and region need once, before the first environment: a place for state, a repository for images,
# a way in for GitHub without keys. Its own state stays with whoever applies it: see README.md.

provider "aws" {
  region = var.aws_region

  default_tags {
    tags = {
      Application = var.prefix
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition

  # Each region keeps its own state: one that fails takes no other's along.
  state_bucket_name = "${var.prefix}-state-${local.account_id}-${var.aws_region}"
  state_arn         = "arn:${local.partition}:s3:::${local.state_bucket_name}"
}

# Locked by a file beside the state (use_lockfile), so there is no table.
module "state" {
  source = "../modules/private-bucket"

  name            = local.state_bucket_name
  force_destroy   = var.is_disposable
  kms_key_arn     = var.kms_key_arn
  noncurrent_days = 90
}

resource "aws_ecr_repository" "this" {
  name                 = var.prefix
  force_delete         = var.is_disposable
  image_tag_mutability = "IMMUTABLE"

  encryption_configuration {
    encryption_type = var.kms_key_arn == null ? "AES256" : "KMS"
    kms_key         = var.kms_key_arn
  }

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Images that lost their tag go after a week"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The newest ${var.images_kept} images stay"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = var.images_kept }
        action       = { type = "expire" }
      },
    ]
  })
}

# Lambda pulls images itself; it must be let in by the repository.
data "aws_iam_policy_document" "lambda_pulls" {
  statement {
    sid     = "LambdaPulls"
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:lambda:${var.aws_region}:${local.account_id}:function:${var.prefix}-*"]
    }
  }
}

resource "aws_ecr_repository_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy     = data.aws_iam_policy_document.lambda_pulls.json
}

# API Gateway writes REST APIs' logs as one role a region, set in the account's settings.
data "aws_iam_policy_document" "gateway_trust" {
  statement {
    sid     = "AssumedByApiGateway"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "gateway_logs" {
  count = var.sets_gateway_logs_role ? 1 : 0

  name               = "${var.prefix}-gateway-logs-${var.aws_region}"
  description        = "API Gateway writes logs as this role"
  assume_role_policy = data.aws_iam_policy_document.gateway_trust.json
}

resource "aws_iam_role_policy_attachment" "gateway_logs" {
  count = var.sets_gateway_logs_role ? 1 : 0

  role       = aws_iam_role.gateway_logs[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  count = var.sets_gateway_logs_role ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.gateway_logs[0].arn
  depends_on          = [aws_iam_role_policy_attachment.gateway_logs]
}
