# The API, and what may stand before it.

locals {
  api_statements = {
    # An API's id is random, and no part of it is named after anything: LeaveOtherEnvironments keeps to its tags.
    KeepApis = {
      why       = "the region's APIs: their ids are random, so no name holds them apart; tags do, where API Gateway tells of them"
      actions   = ["apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"]
      resources = concat([for kind in ["apis", "restapis"] : "${local.gateway_arn}/${kind}"], [for kind in ["apis", "restapis", "tags"] : "${local.gateway_arn}/${kind}/*"])
    }
    KeepUsagePlans = {
      why     = "keys for machines and what each may ask for in a day"
      actions = ["apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"]
      resources = flatten([
        for kind in ["apikeys", "usageplans"] : ["${local.gateway_arn}/${kind}", "${local.gateway_arn}/${kind}/*"]
      ])
    }
    DeliverAccessLogs = {
      why = "an HTTP API's access log is set up on its caller's behalf; these know no resources"
      actions = [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ]
      resources = ["*"]
    }
  }

  web_acl_statements = {
    KeepWebAcls = {
      why = "the firewall before the API; the rules AWS keeps are read with it"
      actions = [
        "wafv2:CreateWebACL",
        "wafv2:DeleteLoggingConfiguration",
        "wafv2:DeleteWebACL",
        "wafv2:GetLoggingConfiguration",
        "wafv2:GetWebACL",
        "wafv2:ListTagsForResource",
        "wafv2:PutLoggingConfiguration",
        "wafv2:TagResource",
        "wafv2:UntagResource",
        "wafv2:UpdateWebACL",
      ]
      resources = ["${local.arns.wafv2}:regional/webacl/${local.name}*/*", "${local.arns.wafv2}:regional/managedruleset/*/*"]
    }
    PutWebAclsBefore = {
      why     = "the firewall is put before the API's stage, whose id is random"
      actions = ["apigateway:SetWebACL", "wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACLForResource"]
      resources = [
        "${local.arns.wafv2}:regional/webacl/${local.name}*/*",
        "${local.gateway_arn}/restapis/*/stages/*",
      ]
    }
  }

  domain_statements = {
    KeepDomains = {
      why     = "the API's own name"
      actions = ["apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST"]
      resources = [
        "${local.gateway_arn}/domainnames",
        "${local.gateway_arn}/domainnames/*",
      ]
    }
    RequestCertificates = {
      why        = "a certificate for that name, tagged as it is requested; IAM knows no resource for this"
      actions    = ["acm:RequestCertificate"]
      resources  = ["*"]
      conditions = [{ test = "StringEquals", variable = "aws:RequestTag/Environment", values = [var.environment] }]
    }
    KeepCertificates = {
      why = "what becomes of that certificate; its id is random"
      actions = [
        "acm:AddTagsToCertificate",
        "acm:DeleteCertificate",
        "acm:DescribeCertificate",
        "acm:ListTagsForCertificate",
        "acm:RemoveTagsFromCertificate",
      ]
      resources = ["${local.arns.acm}:certificate/*"]
    }
    KeepRecords = {
      why       = "the name's records, and those that prove the certificate, in the zones named"
      actions   = ["route53:ChangeResourceRecordSets", "route53:GetHostedZone", "route53:ListResourceRecordSets"]
      resources = [for id in var.hosted_zone_ids : "arn:${var.partition}:route53:::hostedzone/${id}"]
    }
    AwaitRecords = {
      why       = "whether a record is known everywhere"
      actions   = ["route53:GetChange"]
      resources = ["arn:${var.partition}:route53:::change/*"]
    }
  }
}
