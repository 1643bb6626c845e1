# What the service knowledge keeps: documents in two tables and a bucket, whose arrivals its function is told of.

locals {
  has_knowledge      = contains(keys(var.services), "knowledge")
  knowledge_function = one([for name, function in local.functions : name if contains(function.service_names, "knowledge")])

  # Names are written out rather than read from the modules, so that the policies are known before these are made.
  table_names    = { for noun in ["documents", "chat-history"] : noun => "${local.name}-${noun}" }
  table_arns     = { for noun, name in local.table_names : noun => "arn:${local.partition}:dynamodb:${var.aws_region}:${local.account_id}:table/${name}" }
  documents_name = "${local.name}-documents-${local.account_id}-${var.aws_region}"
  documents_arn  = "arn:${local.partition}:s3:::${local.documents_name}"

  knowledge_environment = {
    CHAT_HISTORY_TABLE_NAME = local.table_names["chat-history"]
    DOCUMENTS_BUCKET_NAME   = local.documents_name
    DOCUMENTS_TABLE_NAME    = local.table_names["documents"]
  }

  knowledge_statements = {
    FindDocumentsByHash = {
      actions   = ["dynamodb:Query"]
      resources = ["${local.table_arns["documents"]}/index/FileHashIndex"]
      why       = "a file that an owner has already is recognised"
    }
    KeepChatHistory = {
      actions   = setsubtract(local.table_actions, ["dynamodb:BatchGetItem"]) # nobody reads several turns by key
      resources = [local.table_arns["chat-history"]]
      why       = "conversations with documents: read, written, searched, removed; nobody scans"
    }
    KeepDocuments = {
      actions   = local.table_actions
      resources = [local.table_arns["documents"]]
      why       = "documents, their state and their counters, in transactions where two items must agree; nobody scans"
    }
    ListFiles = {
      actions    = ["s3:ListBucket"]
      resources  = [local.documents_arn]
      conditions = [{ test = "StringLike", variable = "s3:prefix", values = ["originals/*", "chunks/*"] }]
      why        = "only those who may list are told that an object is not there: S3 answers others 403 either way"
    }
    ReadFiles = {
      actions   = ["s3:GetObject"]
      resources = local.file_arns
      why       = "originals to parse, to look at and to sign downloads of; chunks to search and to cite"
    }
    RemoveFiles = {
      actions   = ["s3:DeleteObject"]
      resources = local.file_arns
      why       = "a deleted document's original and chunks"
    }
    WriteFiles = {
      actions   = ["s3:PutObject"]
      resources = local.file_arns
      why       = "chunks, small originals sent along, and forms it signs for large ones: a form may do what its signer may"
    }
  }

  file_arns = ["${local.documents_arn}/originals/*", "${local.documents_arn}/chunks/*"]

  # Reading by key, by partition and in batches; writing one by one, in batches and, with checks, in transactions,
  # which take the permission of each of their parts. Nobody scans.
  table_actions = [
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ]
}

module "tables" {
  source   = "./modules/table"
  for_each = { for noun, name in local.table_names : noun => name if local.has_knowledge }

  name           = each.value
  global_indexes = each.key == "documents" ? { FileHashIndex = { partition_key = "file_hash" } } : {}
  is_disposable  = var.is_disposable
  kms_key_arn    = var.kms_key_arn
}

module "documents" {
  source = "./modules/private-bucket"
  count  = local.has_knowledge ? 1 : 0

  name            = local.documents_name
  cors            = { methods = ["GET", "HEAD", "POST"], origins = var.cors_origins } # POST: uploads by signed forms
  force_destroy   = var.is_disposable
  kms_key_arn     = var.kms_key_arn
  noncurrent_days = 7 # whoever deletes a document means it; a week is for accidents

  arrivals = {
    originals = {
      alias_arn     = module.function[local.knowledge_function].alias_arn
      alias_name    = module.function[local.knowledge_function].alias_name
      function_name = module.function[local.knowledge_function].function_name
      prefix        = "originals/"
    }
  }
}
