output "functions_security_group_id" {
  description = "Id of the functions' security group, for databases and caches to let in."
  value       = aws_security_group.functions.id
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, one a zone."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "vpc_id" {
  description = "Id of the network."
  value       = aws_vpc.this.id
}
