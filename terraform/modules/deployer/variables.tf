variable "account_id" {
  description = "The account's number."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account's number has 12 digits."
  }
}

variable "aws_region" {
  description = "Region the environment is deployed to."
  type        = string
  nullable    = false
}

variable "builds_images" {
  description = "Whether its jobs push images; where not, they deploy what another environment's pushed."
  type        = bool
  default     = false
  nullable    = false
}

variable "environment" {
  description = "dev, staging or prod: the environment's name here, in GitHub and in the root."
  type        = string
  nullable    = false

  validation {
    # Another name could make what the environment may touch reach what bootstrap made, such as its own role.
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "features" {
  description = "What the environment's jobs may set up beside what every deployment has: domain, network, web_acl."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.features, ["domain", "network", "web_acl"])) == 0
    error_message = "The features are domain, network and web_acl."
  }
}

variable "github" {
  description = "The repository whose jobs take the role, as owner/name, and the ARN of GitHub's identity provider; null for no role."
  type = object({
    provider_arn = string
    repository   = string
  })
  default = null

  validation {
    condition     = var.github == null ? true : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github.repository))
    error_message = "A repository is named owner/name, without wildcards."
  }
}

variable "hosted_zone_ids" {
  description = "Route 53's zones that the feature domain writes records in."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = contains(var.features, "domain") == (length(var.hosted_zone_ids) > 0) && alltrue([for id in var.hosted_zone_ids : can(regex("^[A-Z0-9]+$", id))])
    error_message = "The feature domain, and nothing else, has zones, each named by its id."
  }
}

variable "kms_key_arns" {
  description = "KMS keys of the account's own that state or the root's kms_key_arn are encrypted with."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.kms_key_arns : can(regex("^arn:[^:*]+:kms:[^:*]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))])
    error_message = "A key is named by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "may_destroy_data" {
  description = "Whether its jobs may destroy buckets, tables and secrets with what is in them."
  type        = bool
  default     = false
  nullable    = false
}

variable "partition" {
  description = "AWS's partition, as ARNs have it."
  type        = string
  default     = "aws"
  nullable    = false
}

variable "prefix" {
  description = "What every name begins with, and the name of the image's repository."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.prefix)) && !endswith(var.prefix, "-")
    error_message = "The prefix has 2 to 16 lower-case letters, digits and hyphens."
  }
}

variable "state_bucket_name" {
  description = "Name of the bucket that state lies in, the environment's under its own name."
  type        = string
  nullable    = false
}
