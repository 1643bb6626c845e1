# A network for functions that need a database or a cache in one; none unless asked for.

locals {
  function_network = var.network == null ? null : {
    security_group_ids = [module.network[0].functions_security_group_id]
    subnet_ids         = module.network[0].private_subnet_ids
  }

  # AWS's own statement, by AWS's name for it, less what is not about the network.
  network_statements = {
    AWSLambdaVPCAccessExecutionPermissions = {
      actions = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources            = ["*"]
      any_resource_because = "Lambda makes the interfaces, so their names are not known before, and describing knows no resources"
      conditions           = [{ test = "Null", variable = "lambda:SourceFunctionArn", values = ["true"] }]
      why                  = "Lambda puts the function into the network with its role; a call of the function's own code carries its ARN and is refused"
    }
  }
}

module "network" {
  source = "./modules/network"
  count  = var.network == null ? 0 : 1

  name                = local.name
  cidr                = var.network.cidr
  database_ports      = var.network.database_ports
  interface_endpoints = var.network.interface_endpoints
  internet_ports      = var.network.internet_ports
  nat                 = var.network.nat
  zone_count          = var.network.zone_count
}
