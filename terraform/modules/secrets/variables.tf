variable "description" {
  description = "What the secret is for, as the console shows it."
  type        = string
  default     = "Settings of Coachwork's services that are secret: a JSON object of environment variables"
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the secret; null for the one AWS manages."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the secret, which is all that functions are told."
  type        = string
  nullable    = false

  validation {
    # Secrets Manager puts a hyphen and six characters after a name, and could take a name's own end for those.
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name)) && !can(regex("-[A-Za-z0-9]{6}$", var.name))
    error_message = "A secret's name has letters, digits and /_+=.@-, and does not end in a hyphen and six characters."
  }
}

variable "recovery_window_days" {
  description = "For how many days a deleted secret can be had back: 7 to 30, or 0 for not at all."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.recovery_window_days == 0 || (var.recovery_window_days >= 7 && var.recovery_window_days <= 30)
    error_message = "A deleted secret is kept for 7 to 30 days, or 0 for not at all."
  }
}

variable "values" {
  description = "The variables and their values. Ephemeral: in no plan and in no state. Written when values_version grows."
  type        = map(string)
  default     = {}
  nullable    = false
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = alltrue([for name in keys(var.values) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "The values are environment variables, named in capital letters, digits and underscores."
  }

  validation {
    condition     = var.values_version == 0 || length(var.values) == 0 || alltrue([for value in values(var.values) : length(value) > 0])
    error_message = "A secret without a value is left out, not empty."
  }
}

variable "values_version" {
  description = "A number that grows when the values change, for Terraform cannot see them; 0 writes none, someone else does."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.values_version >= 0 && floor(var.values_version) == var.values_version
    error_message = "The version is a whole number."
  }
}
