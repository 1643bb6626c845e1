variable "api" {
  description = "The API to watch; null for none. A REST API is known to CloudWatch by its name, an HTTP API by its id."
  type = object({
    id         = string
    name       = string
    protocol   = optional(string, "REST")
    stage_name = string
  })
  default = null

  validation {
    condition     = var.api == null ? true : contains(["REST", "HTTP"], var.api.protocol)
    error_message = "The API's protocol is REST or HTTP."
  }
}

variable "dead_letter_queue_name" {
  description = "Name of the queue that asynchronous work ends in when it is given up, and of the alarm on it; null for none."
  type        = string
  default     = null
}

variable "functions" {
  description = "The functions to watch, by name: the alias callers use, how many may run at once (-1: no limit of their own), and for how long."
  type = map(object({
    alias_name           = optional(string, "live")
    reserved_concurrency = optional(number, -1)
    timeout_seconds      = number
  }))
  nullable = false
}

variable "name" {
  description = "How the names of the alarms begin that are of no function, queue or table."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,200}$", var.name))
    error_message = "A name has letters, digits, hyphens and underscores, here at most 200."
  }
}

variable "notify_arns" {
  description = "ARNs of the SNS topics told when an alarm rings and when it ends; none only shows it."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.notify_arns : can(regex("^arn:[^:]+:sns:", arn))])
    error_message = "Alarms are told to SNS topics, by ARN."
  }
}

variable "tables" {
  description = "The DynamoDB tables to watch, by name."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(distinct(var.tables)) == length(var.tables)
    error_message = "A table is watched once."
  }
}

variable "thresholds" {
  description = <<-EOT
    What rings: more than `api_error_percent` of answers being 5xx, where there are `api_errors_minimum` of them; the
    slowest twentieth of answers taking longer than `api_latency_milliseconds`, or of invocations than
    `duration_percent` of the timeout; `concurrency_percent` of the reserved concurrency; more `errors` or `throttles`
    of a function or a table than this in a period; `tokens_percent` of a day's tokens.
  EOT
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

  validation {
    condition = alltrue([
      for percent in [
        var.thresholds.api_error_percent, var.thresholds.concurrency_percent, var.thresholds.duration_percent, var.thresholds.tokens_percent,
      ] : percent > 0 && percent <= 100
    ])
    error_message = "A percentage is above 0 and at most 100."
  }

  validation {
    condition     = var.thresholds.errors >= 0 && var.thresholds.throttles >= 0 && var.thresholds.api_latency_milliseconds > 0
    error_message = "Counts are at least 0, a time is above 0."
  }

  validation {
    condition     = var.thresholds.api_errors_minimum >= 1
    error_message = "At least one error is needed for a share of errors."
  }
}

variable "tokens_per_day" {
  description = "How many tokens all users together may have of the models in a day; null where that is not watched."
  type        = number
  default     = null

  validation {
    condition     = var.tokens_per_day == null ? true : var.tokens_per_day > 0
    error_message = "A day has more than 0 tokens, or is not watched."
  }
}
