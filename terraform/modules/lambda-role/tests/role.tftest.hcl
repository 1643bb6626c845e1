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
  name = "coachwork-dev-fitness"
  statements = {
    ReadVideos = {
      why       = "presigned addresses of videos"
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::coachwork-dev-videos/videos/*"]
    }
    Trace = {
      why                  = "a trace of each sampled request"
      actions              = ["xray:PutTraceSegments"]
      resources            = ["*"]
      any_resource_because = "X-Ray knows no resources for it"
    }
    ReadOwnKeys = {
      why       = "a test"
      actions   = ["kms:Decrypt"]
      resources = ["arn:aws:kms:eu-central-1:123456789012:key/1"]
      conditions = [{
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.eu-central-1.amazonaws.com"]
      }]
    }
  }
}

run "says_what_it_was_told" {
  command = plan

  assert {
    condition = jsondecode(output.policy_json).Statement == [
      {
        Sid       = "ReadOwnKeys"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = "arn:aws:kms:eu-central-1:123456789012:key/1"
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.eu-central-1.amazonaws.com" } }
      },
      {
        Sid      = "ReadVideos"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::coachwork-dev-videos/videos/*"
      },
      {
        Sid      = "Trace"
        Effect   = "Allow"
        Action   = "xray:PutTraceSegments"
        Resource = "*"
      },
    ]
    error_message = "The policy has the named statements and no others."
  }

  assert {
    condition = (
      jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
      && length(jsondecode(aws_iam_role.this.assume_role_policy).Statement) == 1
    )
    error_message = "Lambda, and nobody else, takes the role."
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "coachwork-staging-a-name-that-is-longer-than-what-iam-allows-a-role-to-have"
  }
}

run "refuses_no_statement" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = {}
  }
}

run "refuses_an_id_with_a_space" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = { "Read it" = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::b/k"], why = "a test" } }
  }
}

run "refuses_a_statement_without_a_reason" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = { Read = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::b/k"], why = " " } }
  }
}

run "refuses_a_statement_without_actions" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = { Nothing = { actions = [], resources = ["arn:aws:s3:::b/k"], why = "a test" } }
  }
}

run "refuses_a_wildcard_action" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = { All = { actions = ["s3:*"], resources = ["arn:aws:s3:::b/k"], why = "a test" } }
  }
}

run "refuses_any_resource_without_a_reason" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = { All = { actions = ["s3:GetObject"], resources = ["*"], why = "a test" } }
  }
}

run "refuses_a_resource_that_is_all_of_a_service" {
  command         = plan
  expect_failures = [var.statements]
  variables {
    statements = { All = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::*"], why = "a test" } }
  }
}
