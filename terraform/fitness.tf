# What the service fitness keeps beside Postgres: videos, which its function hands out by presigned URLs.

locals {
  has_fitness = contains(keys(var.services), "fitness")

  # Written out rather than read from the module, so that the policies are known before the bucket is made.
  videos_name = "${local.name}-videos-${local.account_id}-${var.aws_region}"
  videos_arn  = "arn:${local.partition}:s3:::${local.videos_name}"

  fitness_environment = { S3_BUCKET_NAME = local.videos_name }

  fitness_statements = {
    ListVideos = {
      actions    = ["s3:ListBucket"]
      resources  = [local.videos_arn]
      conditions = [{ test = "StringLike", variable = "s3:prefix", values = ["videos/*"] }]
      why        = "only those who may list are told that a video is not there: S3 answers others 403 either way"
    }
    ReadVideos = {
      actions   = ["s3:GetObject"]
      resources = ["${local.videos_arn}/videos/*"]
      why       = "presigned addresses of videos: an address may do what its signer may"
    }
    RemoveVideos = {
      actions   = ["s3:DeleteObject"]
      resources = ["${local.videos_arn}/videos/*"]
      why       = "an administrator removes a video"
    }
    WriteVideos = {
      actions   = ["s3:PutObject"]
      resources = ["${local.videos_arn}/videos/*"]
      why       = "the forms it signs for uploads: a form may do what its signer may; it never sends a video itself"
    }
  }
}

module "videos" {
  source = "./modules/private-bucket"
  count  = local.has_fitness ? 1 : 0

  name          = local.videos_name
  cors          = { methods = ["GET", "HEAD", "POST"], origins = var.cors_origins } # POST: uploads by signed forms
  force_destroy = var.is_disposable
  kms_key_arn   = var.kms_key_arn
}
