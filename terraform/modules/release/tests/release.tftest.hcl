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
  name = "coachwork-dev"

  functions = {
    coachwork-dev-api = {
      alarm_names = ["coachwork-dev-api-errors", "coachwork-dev-api-duration"]
      alias_name  = "live"
      arn         = "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api"
    }
  }
}

run "moves_a_tenth_and_after_five_minutes_all" {
  command = plan

  assert {
    condition     = aws_codedeploy_app.this.name == "coachwork-dev" && aws_codedeploy_app.this.compute_platform == "Lambda"
    error_message = "One application, of functions."
  }

  assert {
    condition = (
      aws_codedeploy_deployment_config.this[0].compute_platform == "Lambda"
      && aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].type == "TimeBasedCanary"
      && aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].time_based_canary[0].percentage == 10
      && aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].time_based_canary[0].interval == 5
      && length(aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].time_based_linear) == 0
    )
    error_message = "A tenth of the callers for five minutes, then all."
  }

  assert {
    condition     = output.deployment_config_name == "coachwork-dev-canary-10-percent-5-minutes"
    error_message = "A configuration is never changed: its name says what it says."
  }

  assert {
    condition = (
      output.deployment_group_names == { coachwork-dev-api = "coachwork-dev-api" }
      && aws_codedeploy_deployment_group.this["coachwork-dev-api"].deployment_config_name == output.deployment_config_name
      && aws_codedeploy_deployment_group.this["coachwork-dev-api"].deployment_style[0].deployment_option == "WITH_TRAFFIC_CONTROL"
      && aws_codedeploy_deployment_group.this["coachwork-dev-api"].deployment_style[0].deployment_type == "BLUE_GREEN"
    )
    error_message = "A group a function, of the same name."
  }

  assert {
    condition = (
      aws_codedeploy_deployment_group.this["coachwork-dev-api"].alarm_configuration[0].enabled
      && aws_codedeploy_deployment_group.this["coachwork-dev-api"].alarm_configuration[0].alarms == toset(["coachwork-dev-api-errors", "coachwork-dev-api-duration"])
      && !aws_codedeploy_deployment_group.this["coachwork-dev-api"].alarm_configuration[0].ignore_poll_alarm_failure
      && aws_codedeploy_deployment_group.this["coachwork-dev-api"].auto_rollback_configuration[0].enabled
      && aws_codedeploy_deployment_group.this["coachwork-dev-api"].auto_rollback_configuration[0].events == toset(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"])
    )
    error_message = "An alarm stops a shift, and what is stopped or fails goes back."
  }
}

run "lets_codedeploy_move_our_aliases_alone" {
  command = plan

  assert {
    condition = jsondecode(output.policy_json).Statement == [
      {
        Sid    = "MoveAliases"
        Effect = "Allow"
        Action = ["lambda:UpdateAlias", "lambda:GetAlias"]
        Resource = [
          "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api:live",
          "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api",
        ]
      },
      {
        Sid      = "AwaitProvisionedConcurrency"
        Effect   = "Allow"
        Action   = "lambda:GetProvisionedConcurrencyConfig"
        Resource = "arn:aws:lambda:eu-central-1:123456789012:function:coachwork-dev-api:*"
      },
      {
        Sid      = "WatchAlarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = "*"
      },
    ]
    error_message = "CodeDeploy moves the aliases of the functions named, and looks at alarms: nothing else."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [
      {
        Sid       = "AssumedByCodeDeploy"
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "codedeploy.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
      },
    ]
    error_message = "CodeDeploy takes the role on behalf of the functions' account, and no other."
  }

  assert {
    condition     = aws_iam_role.this.name == "coachwork-dev-release-eu-central-1" && aws_iam_role.this.permissions_boundary == null
    error_message = "The role has its name, and no boundary unless asked for."
  }
}

run "moves_step_by_step" {
  command = plan
  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/coachwork-dev-boundary"
    shift                    = { strategy = "linear", percent = 20, minutes = 2 }
  }

  assert {
    condition = (
      aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].type == "TimeBasedLinear"
      && aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].time_based_linear[0].percentage == 20
      && aws_codedeploy_deployment_config.this[0].traffic_routing_config[0].time_based_linear[0].interval == 2
      && output.deployment_config_name == "coachwork-dev-linear-20-percent-2-minutes"
    )
    error_message = "A fifth of the callers every two minutes."
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/coachwork-dev-boundary"
    error_message = "The role is bounded as asked."
  }
}

run "moves_all_at_once" {
  command = plan
  variables {
    shift     = { strategy = "all_at_once" }
    functions = { f = { alarm_names = [], alias_name = "live", arn = "arn:aws:lambda:eu-central-1:123456789012:function:f" } }
  }

  assert {
    condition     = length(aws_codedeploy_deployment_config.this) == 0 && output.deployment_config_name == "CodeDeployDefault.LambdaAllAtOnce"
    error_message = "AWS's own configuration moves all at once."
  }

  assert {
    condition     = !aws_codedeploy_deployment_group.this["f"].alarm_configuration[0].enabled
    error_message = "Without alarms none is watched."
  }
}

run "refuses_no_function" {
  command         = plan
  expect_failures = [var.functions]
  variables {
    functions = {}
  }
}

run "refuses_more_alarms_than_codedeploy_watches" {
  command         = plan
  expect_failures = [var.functions]
  variables {
    functions = { f = { alarm_names = [for i in range(11) : "alarm-${i}"], alias_name = "live", arn = "arn:aws:lambda:eu-central-1:123456789012:function:f" } }
  }
}

run "refuses_an_alias_for_a_function" {
  command         = plan
  expect_failures = [var.functions]
  variables {
    functions = { f = { alarm_names = [], alias_name = "live", arn = "arn:aws:lambda:eu-central-1:123456789012:function:f:live" } }
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "a-name-that-leaves-no-room-for-what-the-role-adds-to-it-x"
  }
}

run "refuses_an_unknown_strategy" {
  command         = plan
  expect_failures = [var.shift]
  variables {
    shift = { strategy = "blue_green" }
  }
}

run "refuses_all_of_them_as_a_part" {
  command         = plan
  expect_failures = [var.shift]
  variables {
    shift = { percent = 100 }
  }
}

run "refuses_half_a_minute" {
  command         = plan
  expect_failures = [var.shift]
  variables {
    shift = { minutes = 0.5 }
  }
}

run "refuses_a_shift_of_more_than_two_days" {
  command         = plan
  expect_failures = [var.shift]
  variables {
    shift = { strategy = "linear", percent = 1, minutes = 60 }
  }
}
