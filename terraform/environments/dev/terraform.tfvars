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
  knowledge = {
    memory_mb            = 1769 # a whole processor
    paths                = ["/api/v1/documents", "/api/v1/knowledge"]
    reserved_concurrency = 4   # documents that arrive take one each, beside what callers ask meanwhile
    timeout_seconds      = 300 # of an ingestion; callers wait for none of it
  }
}

monthly_budget = { amount_usd = 25 } # of the whole account, where each environment has one of its own
notify_emails  = ["on-call@example.com"]
