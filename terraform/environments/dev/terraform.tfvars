environment        = "dev"
aws_region         = "eu-central-1"
is_disposable      = true
log_retention_days = 7
cors_origins       = ["http://localhost:3000"]

services = {
  fitness = {
    reserved_concurrency = 2
    environment          = { LOG_LEVEL = "DEBUG" }
  }
}
