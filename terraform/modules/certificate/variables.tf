variable "domain_name" {
  description = "The name the certificate is for."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "A domain's name is like api.example.com."
  }
}

variable "patience_minutes" {
  description = "How long to wait for the name to be proved: minutes mostly, unless the zone is not the one the world asks."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.patience_minutes >= 1 && floor(var.patience_minutes) == var.patience_minutes
    error_message = "Patience is a whole number of minutes, at least 1."
  }
}

variable "zone_id" {
  description = "Id of the public zone of Route 53 that holds the name."
  type        = string
  nullable    = false
}
