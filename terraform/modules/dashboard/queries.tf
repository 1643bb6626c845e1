# Questions for CloudWatch Logs Insights, each kept as NAME/QUESTION. No line of a log has a user's id, words or token.

locals {
  queries = {
    arrivals    = <<-EOT
      filter message = "arrival"
      | stats count(*) as arrivals, max(duration_ms) as longest_ms by outcome, bin(5m)
    EOT
    cold-starts = <<-EOT
      filter @type = "REPORT"
      | parse @message /Restore Duration: (?<restore_ms>[0-9.]+) ms/
      | stats count(*) as invocations, count(@initDuration) as cold_starts, pct(@initDuration, 50) as init_p50_ms,
          max(@initDuration) as init_max_ms, count(restore_ms) as restores, max(restore_ms) as restore_max_ms,
          max(@maxMemoryUsed / 1000 / 1000) as memory_mb by bin(5m)
    EOT
    # What AWS refuses the functions: a permission that is missing, or a bucket or table that is not what it should be.
    denied-calls = <<-EOT
      filter message like /refuses what the deployment/ or message = "task not handed over" or @message like /AccessDenied/
      | fields @timestamp, message, operation, code, cause
      | sort @timestamp desc
      | limit 50
    EOT
    # Dependencies that did not answer: a database, a model, an index, S3, DynamoDB.
    dependencies       = <<-EOT
      filter message = "dependency unavailable" or message = "search degraded"
      | stats count(*) as times by problem, cause, leg, bin(5m)
    EOT
    errors-by-problem  = <<-EOT
      filter message = "request" and status >= 400
      | stats count(*) as answers by problem, status, route
      | sort answers desc
      | limit 50
    EOT
    failures           = <<-EOT
      filter level in ["ERROR", "CRITICAL"] or @message like /Task timed out|Runtime.ExitError|\[ERROR\]/
      | fields @timestamp, message, request_id, exception_name, exception
      | sort @timestamp desc
      | limit 50
    EOT
    ingestion-failures = <<-EOT
      filter message in ["document not ingested", "document not handed over", "arrival failed", "arrival refused"]
      | fields @timestamp, message, problem, reason, document_id
      | sort @timestamp desc
      | limit 50
    EOT
    # Put the id of a problem's `instance`, or of the header x-request-id, in place of REQUEST-ID.
    one-request     = <<-EOT
      filter @message like "REQUEST-ID"
      | fields @timestamp, level, message, route, status, duration_ms, problem, @message
      | sort @timestamp asc
    EOT
    refused-callers = <<-EOT
      filter message = "request" and status in [401, 403, 429]
      | stats count(*) as answers by status, problem, route, bin(5m)
      | sort answers desc
    EOT
    slowest-routes  = <<-EOT
      filter message = "request"
      | stats count(*) as requests, pct(duration_ms, 50) as p50_ms, pct(duration_ms, 95) as p95_ms, max(duration_ms) as max_ms by method, route
      | sort p95_ms desc
      | limit 20
    EOT
    # No user is in it: who used how much is in the database, for that user alone.
    tokens = <<-EOT
      filter ispresent(Tokens)
      | stats sum(InputTokens) as input, sum(OutputTokens) as output, sum(EmbeddingTokens) as embedding, count(*) as calls by service, model, bin(1d)
    EOT
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.name}/${each.key}"
  log_group_names = [for function in local.functions : var.functions[function].log_group_name]
  query_string    = each.value
}

# What the gateway answers by itself never reaches a function: throttling, size, time.
resource "aws_cloudwatch_query_definition" "gateway" {
  name            = "${var.name}/gateway-refusals"
  log_group_names = [var.api.log_group_name]
  query_string    = <<-EOT
    filter status >= 400
    | stats count(*) as answers, max(latencyMs) as longest_ms by status, integrationError, bin(5m)
    | sort answers desc
    | limit 50
  EOT
}
