variable "global_indexes" {
  description = <<-EOT
    Further ways to find items, by the index's name: the attributes, both text, that are its partition and sort key.
    An index holds every attribute of an item, and is a moment behind the table.
  EOT
  type = map(object({
    partition_key = string
    sort_key      = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.global_indexes) <= 20
    error_message = "A table has at most 20 global indexes."
  }

  validation {
    condition     = alltrue([for name in keys(var.global_indexes) : can(regex("^[A-Za-z0-9_.-]{3,255}$", name))])
    error_message = "An index's name has 3 to 255 letters, digits, dots, hyphens and underscores."
  }

  validation {
    condition     = alltrue([for index in values(var.global_indexes) : length(index.partition_key) > 0 && index.sort_key != ""])
    error_message = "An index names the attribute that is its partition key, and its sort key if it has one."
  }
}

variable "is_disposable" {
  description = "Whether the table may be destroyed with what is in it. Never where data matter."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the table; null for DynamoDB's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "A key is named by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "name" {
  description = "Name of the table."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.name))
    error_message = "A table's name has 3 to 255 letters, digits, dots, hyphens and underscores."
  }
}
