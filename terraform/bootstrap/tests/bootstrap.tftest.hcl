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

variables {
  aws_region        = "eu-central-1"
  github_repository = "example/coachwork"
}

run "makes_a_place_for_state_and_images" {
  command = plan

  assert {
    condition     = output.state_bucket_name == "coachwork-state-123456789012-eu-central-1"
    error_message = "State has a bucket of the account's own."
  }

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image stays what it was, and is scanned."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : rule.selection.countNumber] == [7, 50]
    error_message = "Old images go."
  }

  assert {
    condition     = jsondecode(aws_ecr_repository_policy.this.policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-*"
    error_message = "Lambda pulls images for Coachwork's functions alone."
  }
}

run "lets_named_environments_in" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.github[0].assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = [
          "repo:example/coachwork:environment:dev",
          "repo:example/coachwork:environment:staging",
          "repo:example/coachwork:environment:prod",
        ]
      }
    }
    error_message = "One repository's named environments come in, and nothing like them."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.github[0].policy).Statement : statement.Sid if statement.Resource == "*"
    ] == ["LogIn"]
    error_message = "Only logging in to the registry is about any resource."
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(aws_iam_role_policy.github[0].policy).Statement : [
        for action in flatten([statement.Action]) : !strcontains(action, "*")
      ]
    ]))
    error_message = "Actions are written out."
  }
}

run "does_without_github" {
  command = plan
  variables {
    github_repository      = null
    sets_gateway_logs_role = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && length(aws_iam_role.github) == 0 && length(aws_api_gateway_account.this) == 0
    error_message = "Neither GitHub nor the account's settings need be touched."
  }
}

run "refuses_an_unknown_region" {
  command         = plan
  expect_failures = [var.aws_region]
  variables {
    aws_region = "frankfurt"
  }
}

run "refuses_an_administrator" {
  command         = plan
  expect_failures = [var.deploy_policy_arns]
  variables {
    deploy_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  }
}

run "refuses_any_environment" {
  command         = plan
  expect_failures = [var.github_environments]
  variables {
    github_environments = ["*"]
  }
}

run "refuses_any_repository" {
  command         = plan
  expect_failures = [var.github_repository]
  variables {
    github_repository = "example/*"
  }
}

run "refuses_to_keep_no_image" {
  command         = plan
  expect_failures = [var.images_kept]
  variables {
    images_kept = 1
  }
}

run "refuses_capital_letters" {
  command         = plan
  expect_failures = [var.prefix]
  variables {
    prefix = "Coachwork"
  }
}
