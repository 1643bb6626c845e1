# GitHub's jobs come with a token GitHub signs, and get an hour as a role: there are no keys to lose. Each environment has
# a role of its own, which only jobs of that environment take; pull requests have one that reads.

locals {
  github_url          = "token.actions.githubusercontent.com"
  github_provider_arn = "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local.github_url}"
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_repository != null && var.makes_github_provider ? 1 : 0

  url            = "https://${local.github_url}"
  client_id_list = ["sts.amazonaws.com"]
}

module "deployer" {
  source   = "../modules/deployer"
  for_each = var.environments

  account_id        = local.account_id
  aws_region        = var.aws_region
  builds_images     = each.value.builds_images
  environment       = each.key
  features          = each.value.features
  github            = var.github_repository == null ? null : { provider_arn = try(aws_iam_openid_connect_provider.github[0].arn, local.github_provider_arn), repository = var.github_repository }
  hosted_zone_ids   = each.value.hosted_zone_ids
  kms_key_arns      = compact(concat([var.kms_key_arn], each.value.kms_key_arns))
  may_destroy_data  = each.value.is_disposable
  partition         = local.partition
  prefix            = var.prefix
  state_bucket_name = local.state_bucket_name

}
