variable "alarm_thresholds" {
  description = "What alarms ring at: see modules/alarms."
  type = object({
    api_error_percent        = optional(number, 1)
    api_errors_minimum       = optional(number, 3)
    api_latency_milliseconds = optional(number, 15000)
    concurrency_percent      = optional(number, 80)
    duration_percent         = optional(number, 80)
    errors                   = optional(number, 0)
    throttles                = optional(number, 0)
    tokens_percent           = optional(number, 80)
  })
  default  = {}
  nullable = false
}

variable "api_protocol" {
  description = "REST or HTTP: see modules/api-gateway."
  type        = string
  default     = "REST"
  nullable    = false
}

variable "architecture" {
  description = "The processors the image was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"
  nullable    = false
}

variable "aws_account_id" {
  description = "The account this environment belongs in; whoever comes with another's keys is refused. Null for any."
  type        = string
  default     = null

  validation {
    condition     = var.aws_account_id == null ? true : can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "An account is named by its 12 digits."
  }
}

variable "aws_region" {
  description = "Region to deploy to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "A region is like eu-central-1."
  }
}

variable "cors_origins" {
  description = "Origins of the pages that call the API, such as https://app.example.com; * is refused in prod."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = var.environment != "prod" || !contains(var.cors_origins, "*")
    error_message = "prod wants an allow-list of origins, not *."
  }
}

variable "domain" {
  description = <<-EOT
    A name of your own for the API; null for AWS's address, which is switched off where there is a name, unless
    `keeps_default_endpoint`. With `zone_name`, a public zone of Route 53 in this account, the name's record is made
    there, and without `certificate_arn` a certificate too. `routing` lets several regions share the name: by
    `latency`, or the `primary` while it is well and the `secondary` otherwise, which Route 53 asks at `health_path`
    of AWS's address (it then stays on).
  EOT
  type = object({
    certificate_arn        = optional(string)
    keeps_default_endpoint = optional(bool, false)
    name                   = string
    routing = optional(object({
      health_path = optional(string)
      policy      = string
    }))
    zone_name = optional(string)
  })
  default = null

  validation {
    condition     = var.domain == null ? true : var.domain.certificate_arn != null || var.domain.zone_name != null
    error_message = "A domain has a certificate of ACM in this region (certificate_arn), or a zone of Route 53 to prove a new one in (zone_name)."
  }

  validation {
    condition     = try(var.domain.zone_name, null) == null ? true : var.domain.name == var.domain.zone_name || endswith(var.domain.name, ".${var.domain.zone_name}")
    error_message = "The domain's name is in its zone: it ends with zone_name."
  }
}

variable "environment" {
  description = "dev, staging or prod; part of every name. The services run as in production in prod, as in staging elsewhere."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "image_digest" {
  description = "Which image of the repository bootstrap/ made, by digest: sha256: and 64 hexadecimal digits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.image_digest))
    error_message = "An image is named by digest, for a tag may mean something else tomorrow: sha256: and 64 hexadecimal digits."
  }
}

variable "is_disposable" {
  description = "Whether destroying the environment throws its data away at once. Refused in prod."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.is_disposable && var.environment == "prod")
    error_message = "prod is not disposable."
  }
}

variable "kms_key_arn" {
  description = "KMS key for secrets, objects, environment and logs (its policy must let CloudWatch Logs use it); null for AWS's own keys."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "A key is named by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "layout" {
  description = "single: one function with every service; per_service: a function, role, size and alarms each. The same image."
  type        = string
  default     = "single"
  nullable    = false

  validation {
    condition     = contains(["single", "per_service"], var.layout)
    error_message = "The layout is single or per_service."
  }
}

variable "log_retention_days" {
  description = "For how many days logs are kept."
  type        = number
  default     = 7
  nullable    = false
}

variable "monthly_budget" {
  description = "What a month may cost, in US dollars, of the whole account or of what bears a tag: see modules/notifications; null for no budget."
  type = object({
    amount_usd = number
    tag        = optional(object({ name = string, value = string }))
  })
  default = null
}

variable "network" {
  description = <<-EOT
    A VPC for functions that need a database or a cache in one: see modules/network; null for none. Functions in it
    reach the internet, and the models there, only with `nat` one or per_zone.
  EOT
  type = object({
    cidr                = optional(string, "10.42.0.0/16")
    database_ports      = optional(set(number), [])
    interface_endpoints = optional(set(string), ["lambda", "logs", "secretsmanager", "xray"])
    internet_ports      = optional(set(number), [443])
    nat                 = optional(string, "none")
    zone_count          = optional(number, 2)
  })
  default = null
}

variable "notify_arns" {
  description = "ARNs of SNS topics of your own that are told of alarms as well."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "notify_emails" {
  description = "Addresses that are told of alarms and the budget, each once it has confirmed."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds whatever the roles made here allow; null for the one bootstrap/ made for the environment."
  type        = string
  default     = null
}

variable "prefix" {
  description = "What every name begins with, and the name of the image's repository."
  type        = string
  default     = "coachwork"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.prefix)) && !endswith(var.prefix, "-")
    error_message = "The prefix has 2 to 16 lower-case letters, digits and hyphens: with environment, noun, account and region it must fit AWS's limits."
  }
}

variable "release" {
  description = <<-EOT
    How callers move to a new version: strategy canary (percent of them, after minutes all), linear (percent of them
    every so many minutes) or all_at_once. See modules/release.
  EOT
  type = object({
    minutes  = optional(number, 5)
    percent  = optional(number, 10)
    strategy = optional(string, "canary")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["canary", "linear", "all_at_once"], var.release.strategy)
    error_message = "The strategy is canary, linear or all_at_once."
  }
}

variable "secret_values" {
  description = <<-EOT
    What is secret: DATABASE_URL, AUTH_SIGNING_KEYS, OPENAI_API_KEY and so on, by variable: terraform.tfvars.example
    names all. MIGRATION_DATABASE_URL goes to a secret of its own. Ephemeral: in no plan and in no state. Give it as
    TF_VAR_secret_values, never in a file.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false
  ephemeral   = true
  sensitive   = true
}

variable "secret_values_version" {
  description = "Raise it to write secret_values anew; 0 leaves the values to someone else."
  type        = number
  default     = 0
  nullable    = false
}

variable "services" {
  description = <<-EOT
    The services to deploy, by name. `paths` are the beginnings of the URLs a service answers where it has a function
    of its own; exactly one service names none and takes the rest. `environment` holds settings, never secrets.
    `timeout_seconds` may be more than the 29 API Gateway waits where work is done by asynchronous invocations.
  EOT
  type = map(object({
    environment          = optional(map(string), {})
    memory_mb            = optional(number, 1024)
    paths                = optional(list(string), [])
    reserved_concurrency = optional(number, 10)
    timeout_seconds      = optional(number, 60)
  }))
  default = {
    fitness = {}
    knowledge = {
      memory_mb       = 1769
      paths           = ["/api/v1/documents", "/api/v1/knowledge"]
      timeout_seconds = 300
    }
  }
  nullable = false

  validation {
    condition     = length(var.services) > 0 && alltrue([for name in keys(var.services) : can(regex("^[a-z][a-z0-9_]{1,19}$", name))])
    error_message = "At least one service, each named in 2 to 20 lower-case letters, digits and underscores."
  }

  validation {
    condition     = var.layout == "single" || length([for service in values(var.services) : 1 if length(service.paths) == 0]) == 1
    error_message = "In layout per_service exactly one service has no paths and takes what the others do not."
  }

  validation {
    condition     = length(distinct(flatten(values(var.services)[*].paths))) == length(flatten(values(var.services)[*].paths))
    error_message = "A path belongs to one service."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.reserved_concurrency >= 0])
    error_message = "Every service reserves its concurrency: 0 stops it."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.memory_mb >= 128 && service.memory_mb <= 10240])
    error_message = "A service's memory_mb is 128 to 10240, whether it has a function of its own or not."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.timeout_seconds >= 1 && service.timeout_seconds <= 900])
    error_message = "A service's timeout_seconds is 1 to 900, whether it has a function of its own or not."
  }
}

variable "start" {
  description = "How instances start: on_demand, snap_start or provisioned: see modules/lambda-function."
  type = object({
    mode                    = optional(string, "on_demand")
    provisioned_concurrency = optional(number, 0)
  })
  default  = {}
  nullable = false
}

variable "throttling" {
  description = "Requests a second over time, and how many at one moment, before the gateway answers 429 by itself."
  type = object({
    burst           = optional(number, 50)
    rate_per_second = optional(number, 25)
  })
  default  = {}
  nullable = false
}

variable "token_prices" {
  description = "What a million tokens of the models cost in US dollars, by kind, for the dashboard; null where that is not shown."
  type        = object({ embedding = number, input = number, output = number })
  default     = null
}

variable "tokens_per_day" {
  description = "How many tokens a user may have of the models in a day, and all users together; 80 % of the latter ring an alarm."
  type = object({
    a_user    = optional(number, 50000)
    all_users = optional(number, 2000000)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.tokens_per_day.a_user > 0 && var.tokens_per_day.all_users >= var.tokens_per_day.a_user
    error_message = "A user has more than 0 tokens a day, and all together at least as many."
  }
}

variable "usage_plan" {
  description = <<-EOT
    What machines may ask for, each by a key of its own, on the paths that begin with one of `paths`, where nobody gets
    in without a key; null for none. Terraform makes no keys: see modules/api-gateway.
  EOT
  type = object({
    burst = optional(number, 10)
    paths = list(string)
    quota = optional(object({
      period   = optional(string, "DAY")
      requests = number
    }))
    rate_per_second = optional(number, 5)
  })
  default = null

  validation {
    condition     = var.usage_plan == null || var.api_protocol == "REST"
    error_message = "An HTTP API has no usage plans: take api_protocol REST, or no usage_plan."
  }
}

variable "validated_posts" {
  description = "Paths whose POSTs take JSON objects, such as /api/v1/chat/send: anything else that calls itself JSON the gateway refuses, without a function. REST alone."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "web_acl" {
  description = <<-EOT
    A firewall before the API, about $10 a month: see modules/web-acl; null for none. Below `free_body_paths`, where
    people upload and write, bodies may be long and look like anything.
  EOT
  type = object({
    free_body_paths = optional(set(string), [
      "/api/v1/chat",
      "/api/v1/documents",
      "/api/v1/imports",
      "/api/v1/knowledge",
      "/api/v1/knowledge-base",
      "/api/v1/memories",
      "/api/v1/programmes",
      "/api/v1/sessions",
      "/api/v1/workouts-db",
    ])
    is_enforced            = optional(bool, true)
    requests_per_5_minutes = optional(number, 2000)
  })
  default = null

  validation {
    condition     = var.web_acl == null || var.api_protocol == "REST"
    error_message = "AWS WAF guards REST APIs and knows no HTTP APIs: take api_protocol REST, or no web_acl."
  }
}
