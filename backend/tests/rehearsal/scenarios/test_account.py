"""What an account has before anything is deployed."""

from tests.rehearsal.aws_server import local_aws

from rehearsal.scenarios.account import make_zone, records


class TestZone:
    """A domain's zone."""

    def test_is_there_with_nothing_in_it(self) -> None:
        """It can be looked up by name; a record that a deployment leaves in it is told."""
        with local_aws() as aws:
            make_zone(aws.session, aws.url, "example.com")
            [zone] = aws.client("route53").list_hosted_zones_by_name(DNSName="example.com")["HostedZones"]
            assert [] == records(aws.session, aws.url)
            found = {"Name": "api.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
            changes = [{"Action": "CREATE", "ResourceRecordSet": found}]
            aws.client("route53").change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})
            assert ["route53: A api.example.com."] == records(aws.session, aws.url)
