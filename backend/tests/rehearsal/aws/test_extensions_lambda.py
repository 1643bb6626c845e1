"""Lambda as stock moto does not have it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[[str], Any]
DIGEST = "a" * 64
IMAGE = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/coachwork@sha256:{DIGEST}"


class TestLambda:
    """Functions from images, without Docker."""

    @pytest.fixture
    def role(self, deployer: Client, name: str) -> str:
        """Return the ARN of a role that functions may take on."""
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return str(deployer("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])

    @pytest.fixture
    def create(self, deployer: Client, name: str, role: str) -> Callable[..., dict[str, Any]]:
        """Return a function that creates a function."""

        def create_function(**more: object) -> dict[str, Any]:
            code = {"ImageUri": IMAGE}
            made: dict[str, Any] = deployer("lambda").create_function(
                FunctionName=name, Role=role, PackageType="Image", Code=code, **more
            )
            return made

        return create_function

    def test_read_back(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """Dead letters, logging and SnapStart are read back as they were given."""
        given = {
            "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
            "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/group", "ApplicationLogLevel": "INFO"},
        }
        create(**given, SnapStart={"ApplyOn": "PublishedVersions"}, Publish=True)
        read = deployer("lambda").get_function_configuration(FunctionName=name)
        assert given == {key: read[key] for key in given}
        assert {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"} == read["SnapStart"]
        published = deployer("lambda").get_function_configuration(FunctionName=name, Qualifier="1")
        assert "On" == published["SnapStart"]["OptimizationStatus"]

    def test_unknown_image(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """An image that its repository lacks is refused, at the start and later; one that it has is taken."""
        ecr, update = deployer("ecr"), deployer("lambda").update_function_code
        ecr.create_repository(repositoryName=name)
        repository = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{name}"
        manifest = json.dumps({"mediaType": "application/vnd.oci.image.manifest.v1+json", "schemaVersion": 2})
        digest = f"sha256:{'b' * 64}"
        ecr.put_image(repositoryName=name, imageManifest=manifest, imageTag="v1", imageDigest=digest)
        create()

        with pytest.raises(ClientError, match=f"Source image {repository}@sha256:.* does not exist"):
            update(FunctionName=name, ImageUri=f"{repository}@sha256:{DIGEST}")
        assert DIGEST == deployer("lambda").get_function_configuration(FunctionName=name)["CodeSha256"]
        assert "b" * 64 == update(FunctionName=name, ImageUri=f"{repository}@{digest}")["CodeSha256"]

    def test_defaults(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """Unasked, a function logs text to its own group and has no dead letters."""
        create()
        read = deployer("lambda").get_function_configuration(FunctionName=name)
        assert {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"} == read["LoggingConfig"]
        assert "DeadLetterConfig" not in read

    def test_update(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """Every part of the configuration can be changed."""
        create()
        changes = {
            "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
            "EphemeralStorage": {"Size": 1024},
            "KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/group"},
            "MemorySize": 512,
            "TracingConfig": {"Mode": "Active"},
        }
        client = deployer("lambda")
        client.update_function_configuration(FunctionName=name, ImageConfig={"Command": ["a.b"]}, **changes)
        read = client.get_function_configuration(FunctionName=name)
        assert changes == {key: read[key] for key in changes}
        assert ["a.b"] == read["ImageConfigResponse"]["ImageConfig"]["Command"]

    def test_image_by_digest(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """An image named by digest resolves to itself, and the digest is the code's."""
        assert DIGEST == create()["CodeSha256"]
        assert IMAGE == deployer("lambda").get_function(FunctionName=name)["Code"]["ResolvedImageUri"]

    def test_version_and_alias(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """An alias leads to a published version, then to the next."""
        client = deployer("lambda")
        create(Publish=True)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        assert "1" == client.get_function_configuration(FunctionName=name, Qualifier="live")["Version"]
        code = {"ImageUri": IMAGE.replace("a" * 64, "b" * 64)}
        assert "2" == client.update_function_code(FunctionName=name, Publish=True, **code)["Version"]
        client.update_alias(FunctionName=name, Name="live", FunctionVersion="2")
        assert "b" * 64 == client.get_function_configuration(FunctionName=name, Qualifier="live")["CodeSha256"]

    def test_no_concurrency(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """A reserved concurrency of 0 is one."""
        create()
        deployer("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        read = deployer("lambda").get_function(FunctionName=name)["Concurrency"]
        assert {"ReservedConcurrentExecutions": 0} == read

    def test_provisioned_concurrency(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """It is put at an alias, read and taken away."""
        client = deployer("lambda")
        create(Publish=True)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        place = {"FunctionName": name, "Qualifier": "live"}
        client.put_provisioned_concurrency_config(**place, ProvisionedConcurrentExecutions=2)
        read = client.get_provisioned_concurrency_config(**place)
        assert (2, "READY") == (read["AllocatedProvisionedConcurrentExecutions"], read["Status"])
        client.delete_provisioned_concurrency_config(**place)
        with pytest.raises(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
            client.get_provisioned_concurrency_config(**place)

    def test_event_source_of_an_alias(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """A mapping to an alias names the alias."""
        client = deployer("lambda")
        create(Publish=True)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        deployer("sqs").create_queue(QueueName=name)
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}:live"
        queue = f"arn:aws:sqs:us-east-1:123456789012:{name}"
        made = client.create_event_source_mapping(FunctionName=arn, EventSourceArn=queue)
        assert arn == made["FunctionArn"]
        assert arn == client.get_event_source_mapping(UUID=made["UUID"])["FunctionArn"]
