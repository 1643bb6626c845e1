variable "access_logs" {
  description = "How long access logs are kept, in days, and the KMS key that encrypts them (null for the one AWS manages)."
  type = object({
    kms_key_arn    = optional(string)
    retention_days = optional(number, 7)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827], var.access_logs.retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096 or 1827 days."
  }
}

variable "binary_media_types" {
  description = "Content types whose bodies a REST API hands over as bytes; a caller must name one in Accept to get bytes back."
  type        = list(string)
  default = [
    "application/octet-stream",
    "application/pdf",
    "audio/mpeg",
    "image/jpeg",
    "image/png",
    "multipart/form-data",
    "video/mp4",
  ]
  nullable = false

  validation {
    condition     = alltrue([for type in var.binary_media_types : can(regex("^[a-z*]+/[a-z0-9.+*-]+$", type))])
    error_message = "A media type is like image/png."
  }
}

variable "cors_origins" {
  description = <<-EOT
    Origins of the pages that call the API. The services answer preflights themselves; this puts the header on the
    gateway's own errors (throttled, timed out), which a page could not read otherwise. REST alone.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_origins : origin == "*" || can(regex("^https?://[^/*']+$", origin))])
    error_message = "An origin is like https://app.example.com, without a path, or *."
  }
}

variable "description" {
  description = "What the API is for, as the console shows it."
  type        = string
  default     = "Coachwork's services"
  nullable    = false
}

variable "domain" {
  description = <<-EOT
    A name of your own, with the ARN of its certificate in the same region and, where Route 53 holds the zone, its id;
    null for the address AWS gives, which ends with the stage's name. With a domain, that address is switched off,
    unless `keeps_default_endpoint`. `routing` is for a name that leads to several regions: by `latency`, or to the
    `primary` while it is well and to the `secondary` otherwise. Whether it is, Route 53 asks at `health_path` of
    AWS's own address, which then stays on.
  EOT
  type = object({
    certificate_arn        = string
    keeps_default_endpoint = optional(bool, false)
    name                   = string
    routing = optional(object({
      health_path = optional(string)
      policy      = string
    }))
    zone_id = optional(string)
  })
  default = null

  validation {
    condition     = var.domain == null ? true : can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain.name))
    error_message = "A domain's name is like api.example.com."
  }

  validation {
    condition     = var.domain == null ? true : can(regex("^arn:[^:]+:acm:", var.domain.certificate_arn))
    error_message = "The certificate is one of ACM's, by ARN."
  }

  validation {
    condition     = try(var.domain.routing, null) == null ? true : contains(["latency", "primary", "secondary"], var.domain.routing.policy)
    error_message = "The routing's policy is latency, primary or secondary."
  }

  validation {
    condition     = try(var.domain.routing, null) == null ? true : var.domain.zone_id != null
    error_message = "Regions share a name by records of Route 53: routing needs zone_id."
  }

  validation {
    condition     = try(var.domain.routing.policy, null) == "primary" ? var.domain.routing.health_path != null : true
    error_message = "Nobody fails over from a primary that is not looked at: it needs health_path."
  }

  validation {
    condition     = try(var.domain.routing.health_path, null) == null ? true : can(regex("^/[A-Za-z0-9._/-]*$", var.domain.routing.health_path))
    error_message = "The health_path is a path without stage, such as /api/v1/health/."
  }
}

variable "integration_timeout_seconds" {
  description = <<-EOT
    How long the gateway waits for a function: 29 seconds at most, whatever the function's own timeout. Then the
    caller gets a 504 while the function works on and is paid for. What may take longer answers 202 at once and is
    done by an asynchronous invocation. (AWS raises the limit of a REST API on request, for less throughput.)
  EOT
  type        = number
  default     = 29
  nullable    = false

  validation {
    condition     = var.integration_timeout_seconds >= 1 && var.integration_timeout_seconds <= 29
    error_message = "API Gateway waits 1 to 29 seconds."
  }
}

variable "is_traced" {
  description = "Whether X-Ray samples requests at the gateway. REST alone."
  type        = bool
  default     = true
  nullable    = false
}

variable "name" {
  description = "Name of the API."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "The API's name has 1 to 64 letters, digits, hyphens and underscores."
  }
}

variable "protocol" {
  description = "REST (binary media types, CORS on gateway errors, WAF, payload 1.0) or HTTP (cheaper, quicker, payload 2.0)."
  type        = string
  default     = "REST"
  nullable    = false

  validation {
    condition     = contains(["REST", "HTTP"], var.protocol)
    error_message = "The protocol is REST or HTTP."
  }
}

variable "routes" {
  description = <<-EOT
    Which function answers, by the beginning of the path: "/" takes everything no other path does. A path has at most
    three parts and takes itself and all below it.
  EOT
  type = map(object({
    function_alias = string
    function_name  = string
    invoke_arn     = string
  }))
  nullable = false

  validation {
    condition     = contains(keys(var.routes), "/")
    error_message = "Some function answers at \"/\", or what no path fits would be the gateway's own 403."
  }

  validation {
    condition     = alltrue([for path in keys(var.routes) : path == "/" || can(regex("^(/[A-Za-z0-9._-]+){1,3}$", path))])
    error_message = "A path is like /api/v1/echoes: one to three parts, no slash at the end."
  }
}

variable "stage_name" {
  description = "Name of the stage, which the paths of AWS's own address begin with."
  type        = string
  default     = "production"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_]{1,128}$", var.stage_name))
    error_message = "A stage's name has letters, digits and underscores."
  }
}

variable "throttling" {
  description = "Requests a second over time, and how many at one moment, before the gateway answers 429 by itself."
  type = object({
    burst           = optional(number, 50)
    rate_per_second = optional(number, 25)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.throttling.burst >= 1 && var.throttling.burst <= 5000 && var.throttling.rate_per_second > 0 && var.throttling.rate_per_second <= 10000
    error_message = "A burst is 1 to 5000 requests, a rate up to 10000 a second."
  }
}

variable "usage_plan" {
  description = <<-EOT
    What machines may ask for, each by a key of its own: requests a second over time, how many at one moment, and
    `quota` in all. On every path that begins with one of `paths`, `/` for all, a request without a key is refused, but
    for a browser's preflight; elsewhere keys are not looked at. REST alone; null for none.
  EOT
  type = object({
    burst = optional(number, 10)
    paths = list(string)
    quota = optional(object({
      period   = optional(string, "DAY")
      requests = number
    }))
    rate_per_second = optional(number, 5)
  })
  default = null

  validation {
    condition     = var.usage_plan == null || var.protocol == "REST"
    error_message = "An HTTP API has no usage plans: take protocol REST."
  }

  validation {
    condition = var.usage_plan == null ? true : length(var.usage_plan.paths) > 0 && alltrue([
      for path in var.usage_plan.paths : path == "/" || can(regex("^(/[A-Za-z0-9._-]+){1,3}$", path))
    ])
    error_message = "A usage plan names paths that want a key, such as /api/v1/documents (one to three parts) or /; without any, nobody would be counted."
  }

  validation {
    condition     = try(var.usage_plan.quota, null) == null ? true : contains(["DAY", "WEEK", "MONTH"], var.usage_plan.quota.period) && var.usage_plan.quota.requests >= 1
    error_message = "A quota is at least 1 request a DAY, WEEK or MONTH."
  }

  validation {
    condition     = var.usage_plan == null ? true : var.usage_plan.burst >= 1 && var.usage_plan.rate_per_second > 0
    error_message = "A usage plan lets at least one request through."
  }
}

variable "validated_posts" {
  description = <<-EOT
    Paths whose POSTs take JSON objects: of a body that is declared JSON (or not declared) and is none, the gateway
    says so itself, as the services would, and no function is paid. Other types pass, and so does any other method.
    None where a service takes empty bodies or answers bodies that are too large. REST alone.
  EOT
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for path in var.validated_posts : can(regex("^(/[A-Za-z0-9._-]+){1,4}$", path))])
    error_message = "A path is like /api/v1/chat/send: one to four parts, no slash at the end."
  }
}
