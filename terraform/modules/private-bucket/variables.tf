variable "arrivals" {
  description = <<-EOT
    Functions to be told of every object created under a prefix, by a name for it: what they are called, the alias
    that is invoked and its ARN. Two prefixes of which one begins the other are not told apart, and refused by S3.
  EOT
  type = map(object({
    alias_arn     = string
    alias_name    = string
    function_name = string
    prefix        = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.arrivals) : can(regex("^[A-Za-z0-9_-]{1,25}$", name))])
    error_message = "An arrival's name has 1 to 25 letters, digits, hyphens and underscores: it is part of a permission's."
  }

  validation {
    condition     = alltrue([for arrival in values(var.arrivals) : can(regex("^[A-Za-z0-9!_.*'()-][A-Za-z0-9!_.*'()/-]*/$", arrival.prefix))])
    error_message = "A prefix is like originals/: no slash at its beginning, one at its end."
  }
}

variable "cors" {
  description = "Which browsers' pages may use presigned URLs, and how; no origins, no CORS."
  type = object({
    headers         = optional(list(string), ["content-type", "range"])
    max_age_seconds = optional(number, 3600)
    methods         = optional(list(string), ["GET", "HEAD"])
    origins         = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for origin in var.cors.origins : origin == "*" || can(regex("^https?://[^/*]+$", origin))])
    error_message = "An origin is like https://app.example.com, without a path, or *."
  }

  validation {
    condition     = alltrue([for method in var.cors.methods : contains(["GET", "HEAD", "POST", "PUT", "DELETE"], method)])
    error_message = "S3 knows the methods GET, HEAD, POST, PUT and DELETE."
  }
}

variable "expire_days" {
  description = "After how many days objects go, by the prefix of their keys; what is not named stays."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for prefix, days in var.expire_days : prefix != "" && days >= 1 && floor(days) == days])
    error_message = "Objects under a named prefix go after a whole number of days, at least 1."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket throws away what is in it. Never where data matter."
  type        = bool
  default     = false
  nullable    = false
}

variable "is_versioned" {
  description = "Whether a replaced or deleted object can be had back, for `noncurrent_days`."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key that encrypts objects; null for S3's own keys."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the bucket, unique in the world: 3 to 63 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits and hyphens, no hyphen at its ends."
  }
}

variable "noncurrent_days" {
  description = "For how many days replaced and deleted versions are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 1 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "Old versions are kept for a whole number of days, at least 1."
  }
}
