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
  name        = "coachwork-dev-videos-123456789012"
  cors        = { origins = ["https://app.example.com"] }
  expire_days = { "uploads/" = 1 }
}

run "is_private" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.this.block_public_acls
      && aws_s3_bucket_public_access_block.this.block_public_policy
      && aws_s3_bucket_public_access_block.this.ignore_public_acls
      && aws_s3_bucket_public_access_block.this.restrict_public_buckets
      && aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "Nothing in it can become public."
  }

  assert {
    condition = jsondecode(output.policy_json).Statement == [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource = [
        "arn:aws:s3:::coachwork-dev-videos-123456789012/*",
        "arn:aws:s3:::coachwork-dev-videos-123456789012",
      ]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Everything without TLS is denied, and the policy allows nothing."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Objects are encrypted."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && !aws_s3_bucket.this.force_destroy
    error_message = "What is deleted can be had back, and the bucket is not destroyed with its objects."
  }

  assert {
    condition = {
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id => [for e in rule.expiration : e.days]
    } == { leftovers = [], expire-uploads = [1] }
    error_message = "Objects expire under the prefixes that say so."
  }

  assert {
    condition     = one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_origins == toset(["https://app.example.com"])
    error_message = "Pages of the named origin may use presigned URLs."
  }
}

run "takes_a_key" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    cors        = {}
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
    error_message = "Objects are encrypted with the key."
  }

  assert {
    condition     = length(aws_s3_bucket_cors_configuration.this) == 0
    error_message = "Without origins there is no CORS."
  }
}

run "takes_uploads_by_form" {
  command = plan
  variables {
    cors = { methods = ["GET", "HEAD", "POST"], origins = ["https://app.example.com"] }
  }

  assert {
    condition     = one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_methods == toset(["GET", "HEAD", "POST"])
    error_message = "A page may post what it was given a signed form for."
  }
}

run "tells_nobody_unasked" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_notification.this) == 0 && length(aws_lambda_permission.arrivals) == 0
    error_message = "Whoever is not named is not told."
  }
}

run "tells_a_function_of_arrivals" {
  command = plan

  override_data {
    target = data.aws_caller_identity.this[0]
    values = { account_id = "123456789012" }
  }

  variables {
    arrivals = {
      originals = {
        alias_arn     = "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api:live"
        alias_name    = "live"
        function_name = "coachwork-dev-api"
        prefix        = "originals/"
      }
    }
  }

  assert {
    condition = [
      for told in aws_s3_bucket_notification.this[0].lambda_function : [told.lambda_function_arn, told.filter_prefix, one(told.events)]
    ] == [["arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api:live", "originals/", "s3:ObjectCreated:*"]]
    error_message = "The alias is told of what is created under the prefix."
  }

  assert {
    condition = (
      aws_lambda_permission.arrivals["originals"].principal == "s3.amazonaws.com"
      && aws_lambda_permission.arrivals["originals"].qualifier == "live"
      && aws_lambda_permission.arrivals["originals"].source_account == "123456789012"
      && aws_lambda_permission.arrivals["originals"].source_arn == "arn:aws:s3:::coachwork-dev-videos-123456789012"
    )
    error_message = "This bucket of this account may invoke the alias."
  }
}

run "refuses_arrivals_everywhere" {
  command         = plan
  expect_failures = [var.arrivals]
  variables {
    arrivals = { all = { alias_arn = "arn", alias_name = "live", function_name = "api", prefix = "" } }
  }
}

run "refuses_arrivals_under_half_a_name" {
  command         = plan
  expect_failures = [var.arrivals]
  variables {
    arrivals = { originals = { alias_arn = "arn", alias_name = "live", function_name = "api", prefix = "orig" } }
  }
}

run "refuses_an_arrival_with_a_long_name" {
  command         = plan
  expect_failures = [var.arrivals]
  variables {
    arrivals = { originals-of-whatever-people = { alias_arn = "arn", alias_name = "live", function_name = "api", prefix = "originals/" } }
  }
}

run "refuses_capital_letters" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "Coachwork"
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork-staging-a-name-that-is-longer-than-what-s3-allows-a-bucket"
  }
}

run "refuses_an_origin_with_a_path" {
  command         = plan
  expect_failures = [var.cors]
  variables {
    cors = { origins = ["https://app.example.com/page"] }
  }
}

run "refuses_an_unknown_method" {
  command         = plan
  expect_failures = [var.cors]
  variables {
    cors = { methods = ["PATCH"] }
  }
}

run "refuses_to_expire_everything" {
  command         = plan
  expect_failures = [var.expire_days]
  variables {
    expire_days = { "" = 1 }
  }
}

run "refuses_to_expire_at_once" {
  command         = plan
  expect_failures = [var.expire_days]
  variables {
    expire_days = { "uploads/" = 0 }
  }
}

run "refuses_to_keep_versions_for_no_time" {
  command         = plan
  expect_failures = [var.noncurrent_days]
  variables {
    noncurrent_days = 0
  }
}
