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

variable "functions" {
  description = "The functions to watch, by name."
  type        = map(object({ timeout_seconds = number }))
  nullable    = false
}

variable "name" {
  description = "Name of the dashboard, and how the API's alarms begin."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,200}$", var.name))
    error_message = "A dashboard's name has letters, digits, hyphens and underscores, here at most 200."
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

variable "period_seconds" {
  description = "Over how many seconds a measure is taken: a multiple of 60."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.period_seconds >= 60 && var.period_seconds % 60 == 0
    error_message = "A period is a multiple of 60 seconds."
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
    What rings: more errors or throttles in a period than this, of a function or a table; the slowest hundredth of invocations above this
    percentage of the time there is; the share of 5xx answers; the slowest twentieth of answers, in milliseconds.
  EOT
  type = object({
    api_error_percent        = optional(number, 1)
    api_latency_milliseconds = optional(number, 15000)
    duration_percent         = optional(number, 80)
    errors                   = optional(number, 0)
    throttles                = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for percent in [var.thresholds.api_error_percent, var.thresholds.duration_percent] : percent > 0 && percent <= 100])
    error_message = "A percentage is above 0 and at most 100."
  }

  validation {
    condition     = var.thresholds.errors >= 0 && var.thresholds.throttles >= 0 && var.thresholds.api_latency_milliseconds > 0
    error_message = "Counts are at least 0, a time is above 0."
  }
}
