environment        = "staging"
aws_region         = "eu-central-1"
log_retention_days = 14
cors_origins       = ["https://staging.example.com"]

services = {
  fitness = {}
  knowledge = {
    memory_mb       = 1769 # a whole processor
    paths           = ["/api/v1/documents", "/api/v1/knowledge"]
    timeout_seconds = 300 # of an ingestion; callers wait for none of it
  }
}

monthly_budget = { amount_usd = 50 } # of the whole account, where each environment has one of its own
notify_emails  = ["on-call@example.com"]
