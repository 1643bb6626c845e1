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

run "gives_each_environment_a_role" {
  command = plan

  assert {
    condition     = keys(module.deployer) == ["dev", "prod", "staging"]
    error_message = "Each environment has a role of its own."
  }

  assert {
    condition = alltrue([
      for environment, deployer in module.deployer :
      strcontains(deployer.policies_json["delivery"], "state-123456789012-eu-central-1/${environment}/terraform.tfstate")
    ])
    error_message = "Each keeps its own state."
  }

  assert {
    condition     = [for environment, deployer in module.deployer : environment if strcontains(deployer.policies_json["delivery"], "ecr:PutImage")] == ["dev"]
    error_message = "Images are pushed by one environment's jobs, and promoted by the others'."
  }

  assert {
    condition     = [for environment, deployer in module.deployer : environment if strcontains(deployer.policies_json["storage"], "s3:DeleteBucket\"")] == ["dev"]
    error_message = "Only what may be thrown away can be destroyed by a job."
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 1 && aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com"
    error_message = "GitHub's tokens are believed."
  }
}

run "lets_pull_requests_read_state" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.plan[0].assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:example/coachwork:pull_request"
      }
    }
    error_message = "Pull requests of one repository, and nothing like them."
  }

  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.plan[0].policy).Statement : statement.Action])) == toset([
      "ec2:DescribeAvailabilityZones", "ecr:DescribeImages", "ecr:DescribeRepositories", "ecr:ListTagsForResource", "s3:GetObject", "s3:ListBucket",
    ])
    error_message = "They read state and whether there is an image: no secret, no data, nothing deployed, and they write nothing."
  }
}

run "does_without_github" {
  command = plan
  variables {
    github_repository      = null
    sets_gateway_logs_role = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && length(aws_iam_role.plan) == 0 && output.deploy_role_arns == {} && length(aws_api_gateway_account.this) == 0
    error_message = "Neither GitHub nor the account's settings need be touched."
  }

  assert {
    condition     = length(module.deployer) == 3
    error_message = "Roles are bounded all the same."
  }
}

run "shares_the_account_with_another_prefix" {
  command = plan
  variables {
    makes_github_provider = false
    is_disposable         = true
    kms_key_arn           = "arn:aws:kms:eu-central-1:123456789012:key/1"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && length(aws_iam_role.plan) == 1
    error_message = "An account has GitHub's identity provider once."
  }

  assert {
    condition     = aws_ecr_repository.this.force_delete
    error_message = "What is disposable goes with its images."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.plan[0].policy, "kms:Decrypt") && strcontains(module.deployer["prod"].policies_json["storage"], "key/1")
    error_message = "Who reads state uses its key."
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
  expect_failures = [var.environments]
  variables {
    environments = { test = {} }
  }
}

run "refuses_a_disposable_prod" {
  command         = plan
  expect_failures = [var.environments]
  variables {
    environments = { prod = { is_disposable = true } }
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
