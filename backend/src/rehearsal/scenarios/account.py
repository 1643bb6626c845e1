"""What a deployment's variables take for granted in the account: a domain's zone."""

import boto3

_APEX = {"NS", "SOA"}


def make_zone(session: boto3.Session, aws_url: str, name: str) -> None:
    """Make a public zone of that name, as an operator has before anything is deployed."""
    client = session.client("route53", endpoint_url=aws_url)
    client.create_hosted_zone(Name=name, CallerReference=name)


def records(session: boto3.Session, aws_url: str) -> list[str]:
    """Return the records of all zones, but for those a zone begins with."""
    client = session.client("route53", endpoint_url=aws_url)
    return [
        f"route53: {record['Type']} {record['Name']}"
        for zone in client.list_hosted_zones()["HostedZones"]
        for page in client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
        for record in page["ResourceRecordSets"]
        if record["Type"] not in _APEX
    ]
