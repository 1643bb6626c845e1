variable "free_body_paths" {
  description = <<-EOT
    Beginnings of the paths whose bodies may be long and look like anything: uploads and what people write. On all
    others a body of more than 8 KB, or one that looks like an attack, is refused. Headers and queries are judged
    everywhere.
  EOT
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for path in var.free_body_paths : can(regex("^(/[A-Za-z0-9._-]+)+$", path))])
    error_message = "A path is like /api/v1/documents, without a slash at the end."
  }

  validation {
    condition     = length(join("|", var.free_body_paths)) <= 400
    error_message = "AWS takes an expression of 512 characters: all paths together have at most 400."
  }
}

variable "is_enforced" {
  description = "Whether AWS's rules block; false only counts and logs what they would, to try them out. The rate always blocks."
  type        = bool
  default     = true
  nullable    = false
}

variable "logs" {
  description = "How long logs are kept, in days, and the KMS key that encrypts them (null for the one AWS manages)."
  type = object({
    kms_key_arn    = optional(string)
    retention_days = optional(number, 7)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827], var.logs.retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096 or 1827 days."
  }
}

variable "name" {
  description = "Name of the web ACL."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "The name has 1 to 64 letters, digits, hyphens and underscores."
  }
}

variable "requests_per_5_minutes" {
  description = "How many requests one address may make in any five minutes; then it is answered 429 until they are fewer."
  type        = number
  default     = 2000
  nullable    = false

  validation {
    condition     = var.requests_per_5_minutes >= 10 && var.requests_per_5_minutes <= 2000000000
    error_message = "An address may make 10 to 2000000000 requests in five minutes."
  }
}

variable "stage_arn" {
  description = "ARN of the REST API's stage that is guarded."
  type        = string
  nullable    = false
}

variable "stage_name" {
  description = "Name of that stage, which paths at AWS's own address begin with."
  type        = string
  default     = "production"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_]{1,128}$", var.stage_name))
    error_message = "A stage's name has letters, digits and underscores."
  }
}
