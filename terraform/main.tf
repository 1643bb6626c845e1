# One image, one function or several, an API in front. Every name is prefix-environment-noun, and ends with the region
# where an account has it once for all regions (roles, buckets, dashboards, budgets); nothing is random.

provider "aws" {
  region              = var.aws_region
  allowed_account_ids = var.aws_account_id == null ? null : [var.aws_account_id]

  default_tags {
    tags = {
      Application = var.prefix
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_ecr_repository" "this" {
  name = var.prefix # made by bootstrap/
}

locals {
  name       = "${var.prefix}-${var.environment}"
  stage_name = "production"
  partition  = data.aws_partition.this.partition
  account_id = data.aws_caller_identity.this.account_id

  migration_keys = ["MIGRATION_DATABASE_URL"]

  # bootstrap/ makes one for each environment, and lets whoever deploys make no role without it.
  permissions_boundary_arn = coalesce(
    var.permissions_boundary_arn,
    "arn:${local.partition}:iam::${local.account_id}:policy/${var.prefix}-boundary-${var.environment}-${var.aws_region}",
  )

  # layout single: one function with everything, as large as its largest service; per_service: one each.
  functions = var.layout == "per_service" ? {
    for name, service in var.services : name => merge(service, { service_names = [name] })
    } : {
    api = {
      service_names        = sort(keys(var.services))
      environment          = merge([for name in sort(keys(var.services)) : var.services[name].environment]...)
      memory_mb            = max([for service in values(var.services) : service.memory_mb]...)
      timeout_seconds      = max([for service in values(var.services) : service.timeout_seconds]...)
      reserved_concurrency = sum([for service in values(var.services) : service.reserved_concurrency])
      paths                = []
    }
  }

  # The function that takes what no path of another's does.
  root_function = one([for name, function in local.functions : name if length(function.paths) == 0])

  routes = merge(
    { "/" = local.root_function },
    merge([for name, function in local.functions : { for path in function.paths : path => name }]...),
  )
}

# What the functions read, and what only a deployment does: the address migrations go to is of an account that owns
# the schema, which no function has any use for.
module "secrets" {
  source = "./modules/secrets"

  name                 = "${local.name}-settings"
  kms_key_arn          = var.kms_key_arn
  recovery_window_days = var.is_disposable ? 0 : 30
  values               = { for name, value in var.secret_values : name => value if !contains(local.migration_keys, name) }
  values_version       = var.secret_values_version
}

module "migrations_secret" {
  source = "./modules/secrets"

  name                 = "${local.name}-migrations"
  description          = "Whom the migrations of Coachwork's schema connect as: a JSON object; read by deployments, by no function"
  kms_key_arn          = var.kms_key_arn
  recovery_window_days = var.is_disposable ? 0 : 30
  values               = { for name, value in var.secret_values : name => value if contains(local.migration_keys, name) }
  values_version       = var.secret_values_version
}

module "role" {
  source   = "./modules/lambda-role"
  for_each = local.functions

  name        = "${local.name}-${each.key}-${var.aws_region}"
  description = "What the function ${local.name}-${each.key} may do"
  statements  = local.function_statements[each.key]

  permissions_boundary_arn = local.permissions_boundary_arn
}

module "function" {
  source   = "./modules/lambda-function"
  for_each = local.functions

  name                    = "${local.name}-${each.key}"
  description             = "Coachwork: ${join(", ", each.value.service_names)}"
  architecture            = var.architecture
  async                   = local.async
  environment             = merge(local.function_environment[each.key], each.value.environment)
  environment_kms_key_arn = var.kms_key_arn
  image_uri               = "${data.aws_ecr_repository.this.repository_url}@${var.image_digest}"
  logs                    = { retention_days = var.log_retention_days, kms_key_arn = var.kms_key_arn }
  memory_mb               = each.value.memory_mb
  network                 = local.function_network
  reserved_concurrency    = each.value.reserved_concurrency
  role_arn                = module.role[each.key].role_arn
  start                   = var.start
  timeout_seconds         = each.value.timeout_seconds
}

module "api" {
  source = "./modules/api-gateway"

  name         = local.name
  access_logs  = { retention_days = var.log_retention_days, kms_key_arn = var.kms_key_arn }
  cors_origins = var.cors_origins
  domain       = local.api_domain
  protocol     = var.api_protocol
  stage_name   = local.stage_name
  throttling   = var.throttling
  usage_plan   = var.usage_plan

  validated_posts = var.validated_posts

  routes = {
    for path, name in local.routes : path => {
      function_alias = module.function[name].alias_name
      function_name  = module.function[name].function_name
      invoke_arn     = module.function[name].function_invoke_arn
    }
  }
}

module "release" {
  source = "./modules/release"

  name                     = local.name
  permissions_boundary_arn = local.permissions_boundary_arn
  shift                    = var.release

  functions = {
    for name in keys(local.functions) : "${local.name}-${name}" => {
      alarm_names = module.alarms.release_alarm_names["${local.name}-${name}"]
      alias_name  = module.function[name].alias_name
      arn         = local.function_arns[name]
    }
  }
}
