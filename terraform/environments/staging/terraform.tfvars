environment        = "staging"
aws_region         = "eu-central-1"
log_retention_days = 14
cors_origins       = ["https://staging.example.com"]

services = {
  fitness = {}
}
