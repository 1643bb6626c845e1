# Secrets are written and never read back: write-only arguments keep their values out of plan and state.

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:its values are other services' keys, which those services rotate; write them with a higher values_version
  name                    = var.name
  description             = var.description
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_window_days
}

resource "aws_secretsmanager_secret_version" "this" {
  count = var.values_version > 0 ? 1 : 0

  secret_id                = aws_secretsmanager_secret.this.id
  secret_string_wo         = jsonencode(var.values)
  secret_string_wo_version = var.values_version
}
