"""S3 tells functions of new objects, as it is configured and allowed to."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from tests.rehearsal.aws.calls import code_of
from tests.rehearsal.aws.conftest import TRUST

from rehearsal.aws import LocalAws
from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import GatewayServer, InvokeApi

Client = Callable[[str], Any]

ACCOUNT = "123456789012"
IMAGE = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/coach@sha256:{'a' * 64}"
SOURCE = """
    import json, pathlib
    def handler(event, context):
        with pathlib.Path("seen").open("a") as seen:
            seen.write(json.dumps([context.invoked_function_arn, event]) + chr(10))
        if "broken" in event["Records"][0]["s3"]["object"]["key"]:
            raise ValueError("no luck")
"""


@pytest.fixture
def alias_arn(deployer: Client, name: str) -> Iterator[str]:
    """Yield the alias of a deployed function that nobody but its account may invoke."""
    deployer("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    client = deployer("lambda")
    role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    client.create_function(FunctionName=name, Role=role, PackageType="Image", Code={"ImageUri": IMAGE}, Publish=True)
    yield client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")["AliasArn"]
    client.delete_function(FunctionName=name)


@pytest.fixture
def service(local_aws: LocalAws, name: str, tmp_path: Path) -> Iterator[LambdaService]:
    """Yield what runs that function for the local AWS."""
    (tmp_path / "entry.py").write_text(dedent(SOURCE))
    versions = {number: Version("entry.handler", timeout_seconds=20) for number in ("$LATEST", "1")}
    function = DeployedFunction(name, versions, {"live": Alias("1")})
    location, logs = CodeLocation(Path(sys.executable), tmp_path), FolderLogs(tmp_path / "logs")
    with (
        LambdaService([function], location, logs, retry_delays_seconds=(0.0,)) as started,
        GatewayServer(InvokeApi(started)) as server,
    ):
        local_aws.invoke_through(server.url)
        yield started
        local_aws.invoke_through(None)


@pytest.fixture
def seen(service: LambdaService, tmp_path: Path) -> Callable[[], list[tuple[str, dict[str, Any]]]]:
    """Return a function that waits for what is on its way, and returns what the function was told, with its ARN."""

    def read() -> list[tuple[str, dict[str, Any]]]:
        service.settle()
        lines = (tmp_path / "seen").read_text().splitlines() if (tmp_path / "seen").exists() else []
        return [(arn, event) for arn, event in map(json.loads, lines)]

    return read


def permit(deployer: Client, alias_arn: str, bucket: str, account: str = ACCOUNT) -> None:
    """Let S3 invoke the alias for a bucket of an account."""
    deployer("lambda").add_permission(
        FunctionName=alias_arn.split(":")[6],
        Qualifier="live",
        StatementId="told",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}",
        SourceAccount=account,
    )


def configuration(alias_arn: str) -> dict[str, Any]:
    """Return the wish to be told of what arrives under `originals/`."""
    only = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "originals/"}]}}
    told = {"Id": "arrivals", "LambdaFunctionArn": alias_arn, "Events": ["s3:ObjectCreated:*"], "Filter": only}
    return {"LambdaFunctionConfigurations": [told]}


@pytest.fixture
def told_bucket(deployer: Client, alias_arn: str, bucket: str) -> str:
    """Return a bucket that tells the function of what arrives under `originals/`."""
    permit(deployer, alias_arn, bucket)
    deployer("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=configuration(alias_arn)
    )
    return bucket


class TestDelivery:
    """Whoever stores an object, the function is told."""

    def test_event(self, deployer: Client, told_bucket: str, alias_arn: str, seen: Callable[[], Any]) -> None:
        """The alias gets S3's own event; a key with spaces and accents comes as in a form, slashes as they are."""
        stored = deployer("s3").put_object(Bucket=told_bucket, Key="originals/a b/für+.pdf", Body=b"12345")
        [(arn, event)] = seen()
        [record] = event["Records"]

        assert alias_arn == arn
        assert ("aws:s3", "ObjectCreated:Put") == (record["eventSource"], record["eventName"])
        assert told_bucket == record["s3"]["bucket"]["name"]
        assert ("originals/a+b/f%C3%BCr%2B.pdf", 5, stored["ETag"].strip('"')) == tuple(
            record["s3"]["object"][name] for name in ("key", "size", "eTag")
        )
        assert "originals/a b/für+.pdf" == unquote_plus(record["s3"]["object"]["key"])

    def test_form(self, deployer: Client, told_bucket: str, seen: Callable[[], Any]) -> None:
        """An upload by form is told as one."""
        form = deployer("s3").generate_presigned_post(told_bucket, "originals/x.pdf")
        httpx.post(form["url"], data=form["fields"], files={"file": b"1"}, trust_env=False).raise_for_status()

        assert ["ObjectCreated:Post"] == [event["Records"][0]["eventName"] for _, event in seen()]

    def test_elsewhere(self, deployer: Client, told_bucket: str, seen: Callable[[], Any]) -> None:
        """Objects under other prefixes, and deletions, are told to nobody."""
        deployer("s3").put_object(Bucket=told_bucket, Key="chunks/x", Body=b"1")
        deployer("s3").delete_object(Bucket=told_bucket, Key="originals/x")

        assert [] == seen()

    def test_failure(self, deployer: Client, told_bucket: str, seen: Callable[[], Any]) -> None:
        """A function that fails is told the same three times, as with any asynchronous invocation."""
        deployer("s3").put_object(Bucket=told_bucket, Key="originals/broken", Body=b"1")
        events = [event for _, event in seen()]

        assert [events[0]] * 3 == events

    def test_nobody_runs(self, deployer: Client, told_bucket: str) -> None:
        """Whoever stores an object does not learn that nobody was told."""
        assert "" == code_of(deployer("s3").put_object, Bucket=told_bucket, Key="originals/x", Body=b"1")


class TestPermission:
    """The function's own policy decides."""

    def test_none(self, deployer: Client, alias_arn: str, bucket: str) -> None:
        """S3 refuses to tell a function that does not let it."""
        configure = deployer("s3").put_bucket_notification_configuration
        wish = configuration(alias_arn)
        assert "InvalidArgument" == code_of(configure, Bucket=bucket, NotificationConfiguration=wish)

    def test_absent_function(self, deployer: Client, alias_arn: str, bucket: str) -> None:
        """Or one that is not there."""
        configure = deployer("s3").put_bucket_notification_configuration
        wish = configuration(f"{alias_arn}-too")
        assert "InvalidArgument" == code_of(configure, Bucket=bucket, NotificationConfiguration=wish)

    @pytest.mark.parametrize(("source", "account"), [("another", ACCOUNT), ("", "210987654321")])
    def test_of_another(self, deployer: Client, alias_arn: str, bucket: str, source: str, account: str) -> None:
        """Another bucket's permission does not count, nor one for another account."""
        permit(deployer, alias_arn, source or bucket, account)
        configure = deployer("s3").put_bucket_notification_configuration
        wish = configuration(alias_arn)
        assert "InvalidArgument" == code_of(configure, Bucket=bucket, NotificationConfiguration=wish)

    def test_taken_away(
        self, local_aws: LocalAws, deployer: Client, told_bucket: str, alias_arn: str, seen: Callable[[], Any]
    ) -> None:
        """Without it the object is stored and the function not told; the report names what was missing."""
        deployer("lambda").remove_permission(FunctionName=alias_arn.split(":")[6], Qualifier="live", StatementId="told")
        deployer("s3").put_object(Bucket=told_bucket, Key="originals/x", Body=b"1")

        assert [] == seen()
        assert ("s3.amazonaws.com", "lambda:InvokeFunction", alias_arn) in [
            (one["role"], one["action"], one["resource"]) for one in local_aws.authorization()["denied"]
        ]
