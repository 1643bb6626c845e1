variable "architecture" {
  description = "The processors the image was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "The architecture is x86_64 or arm64."
  }
}

variable "async" {
  description = <<-EOT
    How asynchronous invocations are treated; null where nobody makes any. What fails after the last retry goes to
    `dead_letter_arn` (a queue or a topic), which the function's role must be allowed to send to; without one it is
    dropped, which suits work whose failure is kept elsewhere.
  EOT
  type = object({
    dead_letter_arn       = optional(string)
    max_event_age_seconds = optional(number, 3600)
    max_retries           = optional(number, 2)
  })
  default = null

  validation {
    condition     = try(var.async.dead_letter_arn, null) == null ? true : can(regex("^arn:[^:]+:(sqs|sns):", var.async.dead_letter_arn))
    error_message = "Dead letters go to a queue or a topic: dead_letter_arn is the ARN of one."
  }

  validation {
    condition     = var.async == null ? true : var.async.max_event_age_seconds >= 60 && var.async.max_event_age_seconds <= 21600
    error_message = "An event may wait 60 to 21600 seconds."
  }

  validation {
    condition     = var.async == null ? true : contains([0, 1, 2], var.async.max_retries)
    error_message = "A failed asynchronous invocation is tried again 0, 1 or 2 times."
  }
}

variable "command" {
  description = "What the image's runtime is told to run: the handler, as module.function."
  type        = list(string)
  default     = ["coachwork.aws_lambda.handler"]
  nullable    = false

  validation {
    condition     = length(var.command) > 0 && alltrue([for part in var.command : length(trimspace(part)) > 0])
    error_message = "The command names a handler."
  }
}

variable "description" {
  description = "What the function does, as the console shows it."
  type        = string
  default     = "A Coachwork service"
  nullable    = false

  validation {
    condition     = length(var.description) <= 256
    error_message = "A description has at most 256 characters."
  }
}

variable "environment" {
  description = <<-EOT
    The function's environment: settings, and the names of what holds secrets, never their values: whoever may
    look at a function's configuration reads all of it.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]*$", name))])
    error_message = "A variable's name begins with a letter and goes on with letters, digits and underscores."
  }

  validation {
    condition = alltrue([
      for name in keys(var.environment) :
      !can(regex("(?i)(_key|_keys|_token|_secret|password|database_url)$", name))
    ])
    error_message = "Secrets are taken from Secrets Manager by name: no keys, tokens, passwords or database URLs here."
  }

  validation {
    condition     = sum(concat([0], [for name, value in var.environment : length(name) + length(value)])) <= 4096
    error_message = "AWS allows 4096 characters for all variables together."
  }
}

variable "environment_kms_key_arn" {
  description = "KMS key that encrypts the environment at rest; null for the one AWS manages."
  type        = string
  default     = null
}

variable "image_uri" {
  description = "The image in ECR by digest (repository@sha256:...): a tag may mean something else tomorrow."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@:]+@sha256:[0-9a-f]{64}$", var.image_uri))
    error_message = "The image is named by digest: repository@sha256: and 64 hexadecimal digits."
  }
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

variable "memory_mb" {
  description = "Memory in MB, 128 to 10240; processor time comes in proportion to it."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "A function has 128 to 10240 MB of memory."
  }
}

variable "name" {
  description = "Name of the function, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "A function's name has 1 to 64 letters, digits, hyphens and underscores."
  }
}

variable "network" {
  description = "Private subnets and security groups of a VPC the function is in (module network); null for none. The role must allow network interfaces."
  type = object({
    security_group_ids = list(string)
    subnet_ids         = list(string)
  })
  default = null

  validation {
    condition     = var.network == null ? true : length(var.network.subnet_ids) > 0 && length(var.network.security_group_ids) > 0
    error_message = "A function in a network has at least one subnet and one security group."
  }
}

variable "reserved_concurrency" {
  description = <<-EOT
    How many requests run at once at most, which also bounds the bill and the connections to a database; one more is
    answered 429. 0 stops the function; -1 shares the account's pool.
  EOT
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "Reserved concurrency is a whole number, or -1 for none."
  }
}

variable "role_arn" {
  description = "ARN of the role the function runs as (module lambda-role)."
  type        = string
  nullable    = false
}

variable "start" {
  description = <<-EOT
    How instances start: `on_demand`; `snap_start` (from a snapshot taken when a version is published); or
    `provisioned` (that many kept warm, paid by the hour).
  EOT
  type = object({
    mode                    = optional(string, "on_demand")
    provisioned_concurrency = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["on_demand", "snap_start", "provisioned"], var.start.mode)
    error_message = "The mode is on_demand, snap_start or provisioned."
  }

  validation {
    condition     = (var.start.mode == "provisioned") == (var.start.provisioned_concurrency > 0)
    error_message = "Mode provisioned, and no other, has a provisioned_concurrency above 0."
  }

  validation {
    condition     = var.reserved_concurrency == -1 || var.start.provisioned_concurrency <= var.reserved_concurrency
    error_message = "No more instances are provisioned than reserved_concurrency lets run."
  }
}

variable "timeout_seconds" {
  description = "Seconds an invocation may take, 1 to 900. API Gateway waits for 29 of them, whatever stands here."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "An invocation may take 1 to 900 seconds."
  }
}
