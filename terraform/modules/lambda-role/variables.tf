variable "description" {
  description = "What the role is for, as the console shows it."
  type        = string
  default     = "What one Lambda function may do"
  nullable    = false
}

variable "name" {
  description = "Name of the role, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "A role's name has 1 to 64 letters, digits and +=,.@_- characters."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds whatever the statements allow; null for none."
  type        = string
  default     = null
}

variable "statements" {
  description = <<-EOT
    What the function may do, by statement id, and why: docs/security.md is made of that. Actions are written out. A
    statement about any resource ("*") says why in `any_resource_because`: some actions know no resources (X-Ray's, for
    one).
  EOT
  type = map(object({
    actions              = list(string)
    resources            = list(string)
    why                  = string
    any_resource_because = optional(string)
    conditions = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })), [])
  }))
  nullable = false

  validation {
    condition     = length(var.statements) > 0
    error_message = "A role without statements does nothing: name at least one."
  }

  validation {
    condition     = alltrue([for s in values(var.statements) : length(trimspace(s.why)) > 0])
    error_message = "A statement says why the function may do that."
  }

  validation {
    condition     = alltrue([for id in keys(var.statements) : can(regex("^[A-Za-z0-9]{1,100}$", id))])
    error_message = "A statement's id has letters and digits alone."
  }

  validation {
    condition     = alltrue([for s in values(var.statements) : length(s.actions) > 0 && length(s.resources) > 0])
    error_message = "A statement has at least one action and one resource."
  }

  validation {
    condition = alltrue(flatten([
      for s in values(var.statements) : [for a in s.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", a))]
    ]))
    error_message = "An action is written out, as in s3:GetObject, without wildcards."
  }

  validation {
    condition = alltrue([
      for s in values(var.statements) : contains(s.resources, "*") == (try(length(trimspace(s.any_resource_because)), 0) > 0)
    ])
    error_message = "A statement names its resources, or any_resource_because says why it cannot; never both."
  }

  validation {
    condition = alltrue(flatten([
      for s in values(var.statements) : [for r in s.resources : r == "*" || can(regex("^arn:[^:*]+:[^:*]+:[^:*]*:[^:*]*:[^*]", r))]
    ]))
    error_message = "A resource is an ARN; a wildcard may follow the beginning of its last part and stand nowhere else."
  }
}
