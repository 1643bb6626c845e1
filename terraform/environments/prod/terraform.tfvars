environment        = "prod"
aws_region         = "eu-central-1"
log_retention_days = 30
cors_origins       = ["https://app.example.com"]

services = {
  fitness = {}
}
