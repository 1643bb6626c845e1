# How the alias `live` of each function goes from one published version to the next: in steps, watched by alarms,
# and back by itself.

locals {
  is_all_at_once = var.shift.strategy == "all_at_once"
  routing_type   = { canary = "TimeBasedCanary", linear = "TimeBasedLinear", all_at_once = "AllAtOnce" }[var.shift.strategy]
}

resource "aws_codedeploy_app" "this" {
  name             = var.name
  compute_platform = "Lambda"
}

# A configuration cannot be changed, and one that groups use cannot be deleted: what it says is part of its name.
resource "aws_codedeploy_deployment_config" "this" {
  count = local.is_all_at_once ? 0 : 1

  deployment_config_name = "${var.name}-${var.shift.strategy}-${var.shift.percent}-percent-${var.shift.minutes}-minutes"
  compute_platform       = "Lambda"

  traffic_routing_config {
    type = local.routing_type

    dynamic "time_based_canary" {
      for_each = var.shift.strategy == "canary" ? [var.shift] : []

      content {
        interval   = time_based_canary.value.minutes
        percentage = time_based_canary.value.percent
      }
    }

    dynamic "time_based_linear" {
      for_each = var.shift.strategy == "linear" ? [var.shift] : []

      content {
        interval   = time_based_linear.value.minutes
        percentage = time_based_linear.value.percent
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_codedeploy_deployment_group" "this" {
  for_each = var.functions

  app_name               = aws_codedeploy_app.this.name
  deployment_group_name  = each.key
  deployment_config_name = local.is_all_at_once ? "CodeDeployDefault.LambdaAllAtOnce" : aws_codedeploy_deployment_config.this[0].deployment_config_name
  service_role_arn       = aws_iam_role.this.arn

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  # An alarm that cannot be read stops a shift as one that rings does.
  alarm_configuration {
    alarms                    = each.value.alarm_names
    enabled                   = length(each.value.alarm_names) > 0
    ignore_poll_alarm_failure = false
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
  }

  depends_on = [aws_iam_role_policy.this]
}
