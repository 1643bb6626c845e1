# What an operator watches: alarms and whom they are told to, dead letters, the dashboard, the budget.

locals {
  # Written out rather than read from the queue, so that the functions' roles are known before it is made.
  dead_letters_name = "${local.name}-dead-letters"
  dead_letters_arn  = "arn:${local.partition}:sqs:${var.aws_region}:${local.account_id}:${local.dead_letters_name}"
}

# Work nobody waits for, when its tries are used up or nobody had room for it: the event (ids, an object's key) and why.
# Services keep their failures where their state is; here ends what no service could even begin, to be sent again.
resource "aws_sqs_queue" "dead_letters" {
  name                      = local.dead_letters_name
  message_retention_seconds = 14 * 24 * 3600 # the most there is
  sqs_managed_sse_enabled   = true
}

module "notifications" {
  source = "./modules/notifications"

  account_id     = local.account_id
  name           = local.name
  emails         = var.notify_emails
  monthly_budget = var.monthly_budget
}

module "alarms" {
  source = "./modules/alarms"

  name                   = local.name
  dead_letter_queue_name = aws_sqs_queue.dead_letters.name
  notify_arns            = concat([module.notifications.topic_arn], var.notify_arns)
  tables                 = [for table in values(module.tables) : table.table_name]
  thresholds             = var.alarm_thresholds
  tokens_per_day         = var.tokens_per_day.all_users

  api = {
    id         = module.api.api_id
    name       = local.name
    protocol   = var.api_protocol
    stage_name = local.stage_name
  }

  functions = {
    for name, function in local.functions : "${local.name}-${name}" => {
      alias_name           = module.function[name].alias_name
      reserved_concurrency = function.reserved_concurrency
      timeout_seconds      = function.timeout_seconds
    }
  }
}

module "dashboard" {
  source = "./modules/dashboard"

  name                   = local.name
  alarm_arns             = values(module.alarms.alarm_arns)
  buckets                = concat(module.documents[*].bucket_name, module.videos[*].bucket_name)
  dead_letter_queue_name = aws_sqs_queue.dead_letters.name
  tables                 = [for table in values(module.tables) : table.table_name]
  token_prices           = var.token_prices
  tokens_per_day         = var.tokens_per_day.all_users

  api = {
    id             = module.api.api_id
    log_group_name = module.api.log_group_name
    name           = local.name
    protocol       = var.api_protocol
    stage_name     = local.stage_name
  }

  functions = {
    for name, function in local.functions : module.function[name].function_name => {
      log_group_name       = module.function[name].log_group_name
      reserved_concurrency = function.reserved_concurrency
    }
  }
}
