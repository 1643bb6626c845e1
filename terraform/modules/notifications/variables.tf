variable "account_id" {
  description = "The account it is for, 12 digits: nothing of another's may publish."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is 12 digits."
  }
}

variable "emails" {
  description = "Addresses that are told by mail, each once it has confirmed."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "An address is like on-call@example.com."
  }
}

variable "monthly_budget" {
  description = <<-EOT
    What a month may cost, in US dollars; null for no budget. It counts the whole account, or with `tag` what bears
    that tag, once the tag is activated for cost allocation in the account's billing.
  EOT
  type = object({
    amount_usd = number
    tag        = optional(object({ name = string, value = string }))
  })
  default = null

  validation {
    condition     = var.monthly_budget == null ? true : var.monthly_budget.amount_usd > 0
    error_message = "A budget is above 0."
  }
}

variable "name" {
  description = "How the names of the topic, the budget and all alarms begin that may be told."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,90}$", var.name))
    error_message = "A name has letters, digits, hyphens and underscores, here at most 90."
  }
}
