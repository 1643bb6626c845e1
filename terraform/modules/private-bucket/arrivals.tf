# Functions that are told of new objects: an asynchronous invocation each, at least once, in no order.

resource "aws_lambda_permission" "arrivals" {
  for_each = var.arrivals

  statement_id   = "told-of-${each.key}-by-${var.name}"
  action         = "lambda:InvokeFunction"
  function_name  = each.value.function_name
  qualifier      = each.value.alias_name
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.this[0].account_id # a bucket's name may be another account's tomorrow
  source_arn     = "arn:${data.aws_partition.this.partition}:s3:::${var.name}"
}

resource "aws_s3_bucket_notification" "this" {
  count = length(var.arrivals) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this.id

  dynamic "lambda_function" {
    for_each = var.arrivals

    content {
      id                  = lambda_function.key
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = lambda_function.value.prefix
      lambda_function_arn = lambda_function.value.alias_arn
    }
  }

  depends_on = [aws_lambda_permission.arrivals] # S3 asks whether it may when it is told whom to tell
}

data "aws_caller_identity" "this" {
  count = length(var.arrivals) > 0 ? 1 : 0
}
