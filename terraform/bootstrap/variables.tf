variable "aws_region" {
  description = "Region to deploy to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "A region is like eu-central-1."
  }
}

variable "environments" {
  description = <<-EOT
    The environments, of the root and of the repository: dev, staging and prod. Jobs of one that `builds_images` push
    them, the others deploy the same; jobs of one that `is_disposable` may destroy its data. `features` (domain,
    network, web_acl), zones and keys: see modules/deployer.
  EOT
  type = map(object({
    builds_images   = optional(bool, false)
    features        = optional(set(string), [])
    hosted_zone_ids = optional(list(string), [])
    is_disposable   = optional(bool, false)
    kms_key_arns    = optional(list(string), [])
  }))
  default = {
    dev     = { builds_images = true, is_disposable = true }
    staging = {}
    prod    = {}
  }
  nullable = false

  validation {
    condition     = length(var.environments) > 0 && length(setsubtract(keys(var.environments), ["dev", "staging", "prod"])) == 0
    error_message = "The environments are dev, staging and prod, or some of them."
  }

  validation {
    condition     = !try(var.environments["prod"].is_disposable, false)
    error_message = "prod is not disposable."
  }
}

variable "github_repository" {
  description = "The repository whose jobs may come in, as owner/name; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null ? true : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "A repository is named owner/name, without wildcards."
  }
}

variable "images_kept" {
  description = "How many images stay in the repository."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.images_kept >= 2 && floor(var.images_kept) == var.images_kept
    error_message = "At least 2 images stay: the one that runs and the one before it."
  }
}

variable "is_disposable" {
  description = "Whether destroying this throws state and images away. Apply it as true before destroying, and never else."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key for state and images; null for AWS's own keys."
  type        = string
  default     = null
}

variable "makes_github_provider" {
  description = "Whether to make GitHub's identity provider, of which an account has one; false where there is one, as of another prefix."
  type        = bool
  default     = true
  nullable    = false
}

variable "prefix" {
  description = "What every name begins with, and the name of the image's repository."
  type        = string
  default     = "coachwork"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.prefix)) && !endswith(var.prefix, "-")
    error_message = "The prefix has 2 to 16 lower-case letters, digits and hyphens."
  }
}

variable "sets_gateway_logs_role" {
  description = "Whether to set the role API Gateway writes logs as, one for all APIs of the region; false where something else sets it."
  type        = bool
  default     = true
  nullable    = false
}
