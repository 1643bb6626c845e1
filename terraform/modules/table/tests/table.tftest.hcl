# The real provider with keys that open nothing: a plan evaluates everything and asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name           = "coachwork-dev-documents"
  global_indexes = { FileHashIndex = { partition_key = "file_hash" } }
}

run "keeps_documents" {
  command = plan

  assert {
    condition = (
      aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST"
      && aws_dynamodb_table.this.hash_key == "pk"
      && aws_dynamodb_table.this.range_key == "sk"
      && { for key in aws_dynamodb_table.this.attribute : key.name => key.type } == { file_hash = "S", pk = "S", sk = "S" }
    )
    error_message = "Keys are text, and requests are paid as they come."
  }

  assert {
    condition = [
      for index in aws_dynamodb_table.this.global_secondary_index : [index.name, index.hash_key, index.projection_type]
    ] == [["FileHashIndex", "file_hash", "ALL"]]
    error_message = "The index finds whole items by the attribute that was named."
  }

  assert {
    condition     = aws_dynamodb_table.this.ttl[0].attribute_name == "expires_at" && aws_dynamodb_table.this.ttl[0].enabled
    error_message = "What has expired goes by itself."
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled && aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    error_message = "It is not deleted by accident, and what was lost can be had back."
  }
}

run "has_no_index_unasked" {
  command = plan
  variables {
    global_indexes = {}
  }

  assert {
    condition     = length(aws_dynamodb_table.this.global_secondary_index) == 0 && length(aws_dynamodb_table.this.attribute) == 2
    error_message = "Only keys are declared."
  }
}

run "sorts_an_index_when_told" {
  command = plan
  variables {
    global_indexes = { ByDay = { partition_key = "day", sort_key = "sk" } }
  }

  assert {
    condition = (
      one(aws_dynamodb_table.this.global_secondary_index).range_key == "sk"
      && toset(aws_dynamodb_table.this.attribute[*].name) == toset(["day", "pk", "sk"])
    )
    error_message = "An index may have a sort key, the table's own as well."
  }
}

run "can_be_thrown_away" {
  command = plan
  variables {
    is_disposable = true
  }

  assert {
    condition     = !aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "A disposable table goes when it is destroyed."
  }
}

run "takes_a_key" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  }

  assert {
    condition = (
      aws_dynamodb_table.this.server_side_encryption[0].enabled
      && aws_dynamodb_table.this.server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/1"
    )
    error_message = "The table is encrypted with the key."
  }
}

run "refuses_a_name_with_a_space" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "my documents"
  }
}

run "refuses_a_name_of_two_letters" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "ab"
  }
}

run "refuses_what_is_no_key" {
  command         = plan
  expect_failures = [var.kms_key_arn]
  variables {
    kms_key_arn = "alias/key"
  }
}

run "refuses_an_index_without_a_key" {
  command         = plan
  expect_failures = [var.global_indexes]
  variables {
    global_indexes = { FileHashIndex = { partition_key = "" } }
  }
}

run "refuses_an_index_with_a_space_in_its_name" {
  command         = plan
  expect_failures = [var.global_indexes]
  variables {
    global_indexes = { "File hashes" = { partition_key = "file_hash" } }
  }
}

run "refuses_more_indexes_than_a_table_has" {
  command         = plan
  expect_failures = [var.global_indexes]
  variables {
    global_indexes = { for number in range(21) : "Index${number}" => { partition_key = "file_hash" } }
  }
}
