variable "aws_region" {
  description = "Region to deploy to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "A region is like eu-central-1."
  }
}

variable "deploy_policy_arns" {
  description = "Policies that let GitHub's jobs apply the root, beside pushing images and keeping state; none, and people apply."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.deploy_policy_arns : can(regex("^arn:[^:]+:iam::[^:]*:policy/", arn)) && !endswith(arn, "/AdministratorAccess")])
    error_message = "Policies are named by ARN, and AdministratorAccess is none for a machine."
  }
}

variable "github_environments" {
  description = "The repository's environments whose jobs may come in."
  type        = list(string)
  default     = ["dev", "staging", "prod"]
  nullable    = false

  validation {
    condition     = length(var.github_environments) > 0 && alltrue([for name in var.github_environments : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "At least one environment, named without wildcards."
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

variable "kms_key_arn" {
  description = "KMS key for state and images; null for AWS's own keys."
  type        = string
  default     = null
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
