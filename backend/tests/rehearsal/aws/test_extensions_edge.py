"""Certificates and domains, which stock moto answers wrongly."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[[str], Any]


@pytest.fixture
def domain(name: str) -> str:
    """Return a domain nobody else has."""
    return f"api.{name}.example"


def requested(deployer: Client, domain: str) -> tuple[str, dict[str, str]]:
    """Ask for a certificate; return its ARN, and the record that proves the name."""
    acm = deployer("acm")
    arn: str = acm.request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    [option] = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    return arn, option["ResourceRecord"]


def prove(deployer: Client, domain: str, record: dict[str, str]) -> None:
    """Write the record into the domain's zone."""
    route53 = deployer("route53")
    zone = route53.create_hosted_zone(Name=domain.removeprefix("api."), CallerReference=domain)["HostedZone"]["Id"]
    found = {"Name": record["Name"], "Type": record["Type"], "TTL": 60, "ResourceRecords": [{"Value": record["Value"]}]}
    changes = [{"Action": "UPSERT", "ResourceRecordSet": found}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


class TestCertificate:
    """ACM."""

    def test_waits_for_its_proof(self, deployer: Client, domain: str) -> None:
        """A certificate is pending until the record stands, and issued then."""
        arn, record = requested(deployer, domain)
        acm = deployer("acm")
        assert "PENDING_VALIDATION" == acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]
        prove(deployer, domain, record)
        assert "ISSUED" == acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]

    def test_takes_no_other_proof(self, deployer: Client, domain: str) -> None:
        """A record that says something else proves nothing."""
        arn, record = requested(deployer, domain)
        prove(deployer, domain, {**record, "Value": "somebody.else."})
        assert "PENDING_VALIDATION" == deployer("acm").describe_certificate(CertificateArn=arn)["Certificate"]["Status"]


class TestSecurityGroup:
    """EC2's security groups."""

    def test_rules_say_what_they_are_for(self, deployer: Client, name: str) -> None:
        """A rule's description is read back, whether it names addresses, a group or a list of prefixes."""
        ec2 = deployer("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        described = {
            "IpRanges": [{"CidrIp": "10.1.0.0/16", "Description": "addresses"}],
            "UserIdGroupPairs": [{"GroupId": group, "Description": "a group"}],
            "PrefixListIds": [{"PrefixListId": "pl-1", "Description": "a list"}],
        }
        for kind, value in described.items():
            permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, kind: value}
            ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission])
        ours = [{"Name": "group-id", "Values": [group]}]
        rules = ec2.describe_security_group_rules(Filters=ours)["SecurityGroupRules"]
        assert {"addresses", "a group", "a list"} == {rule.get("Description") for rule in rules} - {None}


class TestDomain:
    """API Gateway's domains."""

    def test_is_ready(self, deployer: Client, domain: str) -> None:
        """It is available, and leads somewhere."""
        arn, record = requested(deployer, domain)
        prove(deployer, domain, record)
        configurations = [{"CertificateArn": arn, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}]
        made = deployer("apigatewayv2").create_domain_name(DomainName=domain, DomainNameConfigurations=configurations)
        [shown] = made["DomainNameConfigurations"]
        assert ("AVAILABLE", "TLS_1_2") == (shown["DomainNameStatus"], shown["SecurityPolicy"])
        assert shown["ApiGatewayDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
        assert "HostedZoneId" in shown
        assert "MutualTlsAuthentication" not in made

    def test_refuses_a_pending_certificate(self, deployer: Client, domain: str) -> None:
        """A certificate that is not issued will not do, nor will none."""
        arn, _ = requested(deployer, domain)
        for one in (arn, "arn:aws:acm:us-east-1:123456789012:certificate/nothing", "nothing"):
            configurations = [{"CertificateArn": one, "EndpointType": "REGIONAL"}]
            with pytest.raises(ClientError, match="is not issued"):
                deployer("apigatewayv2").create_domain_name(DomainName=domain, DomainNameConfigurations=configurations)

    def test_leads_to_a_rest_api(self, deployer: Client, domain: str, name: str) -> None:
        """It is mapped to a stage that is there, and unmapped."""
        arn, record = requested(deployer, domain)
        prove(deployer, domain, record)
        http, rest = deployer("apigatewayv2"), deployer("apigateway")
        http.create_domain_name(DomainName=domain, DomainNameConfigurations=[{"CertificateArn": arn}])
        api = rest.create_rest_api(name=name)["id"]
        root = rest.get_resources(restApiId=api)["items"][0]["id"]
        place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
        rest.put_method(**place, authorizationType="NONE")
        rest.put_integration(**place, type="MOCK")
        rest.create_deployment(restApiId=api, stageName="production")
        with pytest.raises(ClientError, match="Invalid stage"):
            http.create_api_mapping(DomainName=domain, ApiId=api, Stage="nothing")
        made = http.create_api_mapping(DomainName=domain, ApiId=api, Stage="production")
        [mapping] = http.get_api_mappings(DomainName=domain)["Items"]
        assert (api, "production") == (mapping["ApiId"], mapping["Stage"])
        http.delete_api_mapping(DomainName=domain, ApiMappingId=made["ApiMappingId"])
        assert [] == http.get_api_mappings(DomainName=domain)["Items"]
