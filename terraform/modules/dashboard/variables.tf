variable "alarm_arns" {
  description = "ARNs of the alarms whose state is shown."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.alarm_arns) <= 100
    error_message = "A dashboard shows the state of at most 100 alarms."
  }
}

variable "api" {
  description = "The API, as CloudWatch knows it (a REST API by its name, an HTTP API by its id), and where it logs."
  type = object({
    id             = string
    log_group_name = string
    name           = string
    protocol       = optional(string, "REST")
    stage_name     = string
  })
  nullable = false

  validation {
    condition     = contains(["REST", "HTTP"], var.api.protocol)
    error_message = "The API's protocol is REST or HTTP."
  }
}

variable "buckets" {
  description = "The buckets to show, by name."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "dead_letter_queue_name" {
  description = "Name of the queue that asynchronous work ends in when it is given up."
  type        = string
  nullable    = false
}

variable "functions" {
  description = "The functions to show, by name: where they log, and how many may run at once (-1: no limit of their own)."
  type = map(object({
    log_group_name       = string
    reserved_concurrency = optional(number, -1)
  }))
  nullable = false
}

variable "name" {
  description = "How the names of the dashboard and the queries begin."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,200}$", var.name))
    error_message = "A dashboard's name has letters, digits, hyphens and underscores, here at most 200."
  }
}

variable "tables" {
  description = "The DynamoDB tables to show, by name."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "token_prices" {
  description = "What a million tokens cost in US dollars, by kind, to show what a day's came to; null to show AWS's own estimate instead."
  type        = object({ embedding = number, input = number, output = number })
  default     = null

  validation {
    condition     = var.token_prices == null ? true : min(var.token_prices.embedding, var.token_prices.input, var.token_prices.output) >= 0
    error_message = "A price is at least 0."
  }
}

variable "tokens_per_day" {
  description = "How many tokens all users together may have of the models in a day; null to show no limit."
  type        = number
  default     = null
}
