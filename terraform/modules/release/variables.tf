variable "functions" {
  description = <<-EOT
    The functions released, by name: the function's ARN without a version, the alias that is moved, and the alarms that
    stop a shift and send it back, of which CodeDeploy takes 10 at most.
  EOT
  type = map(object({
    alarm_names = list(string)
    alias_name  = string
    arn         = string
  }))
  nullable = false

  validation {
    condition     = length(var.functions) > 0
    error_message = "At least one function is released."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : length(function.alarm_names) <= 10])
    error_message = "CodeDeploy watches at most 10 alarms a function."
  }

  validation {
    condition     = alltrue([for name, function in var.functions : endswith(function.arn, ":function:${name}")])
    error_message = "A function's ARN ends in its name: no version and no alias."
  }
}

variable "name" {
  description = "Name of the CodeDeploy application, and what the role's and the configuration's names begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,41}$", var.name))
    error_message = "The name has 1 to 41 letters, digits and +=,.@_- characters: the role's adds eight and the region to it."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds whatever CodeDeploy's role allows; null for none."
  type        = string
  default     = null
}

variable "shift" {
  description = <<-EOT
    How callers move to the next version. `canary`: `percent` of them, and after `minutes` all. `linear`: `percent` of
    them every `minutes`. `all_at_once`: all; percent and minutes then mean nothing.
  EOT
  type = object({
    minutes  = optional(number, 5)
    percent  = optional(number, 10)
    strategy = optional(string, "canary")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["canary", "linear", "all_at_once"], var.shift.strategy)
    error_message = "The strategy is canary, linear or all_at_once."
  }

  validation {
    condition     = var.shift.percent >= 1 && var.shift.percent <= 99 && floor(var.shift.percent) == var.shift.percent
    error_message = "A step takes a whole number of percent, 1 to 99."
  }

  validation {
    condition     = var.shift.minutes >= 1 && floor(var.shift.minutes) == var.shift.minutes
    error_message = "A step lasts a whole number of minutes, at least 1."
  }

  validation {
    condition     = var.shift.minutes * (var.shift.strategy == "linear" ? ceil(100 / var.shift.percent) - 1 : 1) <= 2880
    error_message = "CodeDeploy takes 48 hours (2880 minutes) from the first step to the last at most."
  }
}
