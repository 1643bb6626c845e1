# A table of documents under a partition and a sort key. What it holds, its readers know: only keys are declared.

locals {
  index_keys = flatten([for index in values(var.global_indexes) : compact([index.partition_key, index.sort_key])])
}

resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_119:whose key encrypts it is the caller's to say; without one it is DynamoDB's own
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = !var.is_disposable
  hash_key                    = "pk"
  range_key                   = "sk"

  dynamic "attribute" {
    for_each = toset(concat(["pk", "sk"], local.index_keys))

    content {
      name = attribute.value
      type = "S"
    }
  }

  # An item without the index's attribute is not in the index, and costs nothing there.
  dynamic "global_secondary_index" {
    for_each = var.global_indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.partition_key
      range_key       = global_secondary_index.value.sort_key
      projection_type = "ALL"
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = var.kms_key_arn != null # false is encrypted as well, with a key that DynamoDB owns
    kms_key_arn = var.kms_key_arn
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }
}
