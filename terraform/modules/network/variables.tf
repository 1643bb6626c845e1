variable "cidr" {
  description = "The network's addresses: a private range of 4096 to 65536."
  type        = string
  default     = "10.42.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.).*/(1[6-9]|20)$", var.cidr))
    error_message = "The network is a private range from /16 to /20, such as 10.42.0.0/16."
  }
}

variable "database_ports" {
  description = "Ports in the network that functions may reach: 5432 for Postgres, 6379 for Redis."
  type        = set(number)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for port in var.database_ports : port >= 1 && port <= 65535])
    error_message = "A port is 1 to 65535."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached by an endpoint in each zone, as their service names end: about $8 a month, a zone and service."
  type        = set(string)
  default     = ["lambda", "logs", "secretsmanager", "xray"]
  nullable    = false

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9.-]+$", service)) && !contains(["dynamodb", "s3"], service)])
    error_message = "A service is named as its endpoint ends, such as secretsmanager; S3 and DynamoDB have free ones already."
  }
}

variable "internet_ports" {
  description = "Ports of the internet that functions may reach where there is a NAT gateway."
  type        = set(number)
  default     = [443]
  nullable    = false

  validation {
    condition     = alltrue([for port in var.internet_ports : port >= 1 && port <= 65535])
    error_message = "A port is 1 to 65535."
  }
}

variable "name" {
  description = "What the network's names begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "The name has 1 to 64 letters, digits, hyphens and underscores."
  }
}

variable "nat" {
  description = "The way out to the internet: none, one (about $38 a month; gone with its zone) or per_zone."
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "one", "per_zone"], var.nat)
    error_message = "The way out is none, one or per_zone."
  }
}

variable "zone_count" {
  description = "In how many availability zones there is a subnet: 2 to 4."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([2, 3, 4], var.zone_count)
    error_message = "The network is in 2, 3 or 4 zones."
  }
}
