"""The server: final errors, the port, the end."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.aws.process import LocalAwsError

Client = Callable[[str], Any]


class TestUnimplemented:
    """What moto lacks is refused for good, so no client tries again."""

    def test_operation(self, deployer: Client) -> None:
        """An operation of a JSON service answers 400 with its name."""
        with pytest.raises(ClientError, match="The local AWS cannot do this") as caught:
            deployer("ssm").get_inventory()
        assert 400 == caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
        assert "NotImplemented" == caught.value.response["Error"]["Code"]

    def test_query_operation(self, deployer: Client) -> None:
        """One of a query service answers in XML."""
        with pytest.raises(ClientError) as caught:
            deployer("sts").decode_authorization_message(EncodedMessage="x")
        assert "NotImplemented" == caught.value.response["Error"]["Code"]

    def test_path(self, deployer: Client) -> None:
        """A path nobody serves is not taken for a resource that is not there."""
        with pytest.raises(ClientError) as caught:
            deployer("lambda").get_account_settings()
        assert "NotImplemented" == caught.value.response["Error"]["Code"]

    def test_fault(self, local_aws: LocalAws) -> None:
        """A fault of moto's own is final as well, and names itself: here a call without its table."""
        headers = {
            "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request",
            "X-Amz-Target": "DynamoDB_20120810.GetItem",
            "Content-Type": "application/x-amz-json-1.0",
        }
        with pytest.raises(HTTPError) as caught:
            urlopen(Request(local_aws.url, data=b"{}", headers=headers))
        with caught.value as error:
            assert 400 == error.code
            assert "KeyError: 'TableName'" in json.load(error)["message"]


class TestProcess:
    """Starting and stopping."""

    def test_port_taken(self, local_aws: LocalAws, tmp_path: Path) -> None:
        """A port that is taken is said at once."""
        with Children() as children, pytest.raises(LocalAwsError, match=f"port {local_aws.port} .* in use"):
            LocalAws.start(children, log=tmp_path / "log", port=local_aws.port)

    def test_port_taken_by_hand(self, local_aws: LocalAws) -> None:
        """Typed, it fails with a status of its own too."""
        command = [sys.executable, "-m", "rehearsal.aws", "--port", str(local_aws.port)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (1, True) == (ended.returncode, "Address already in use" in ended.stderr)

    def test_ended_at_its_start(self, tmp_path: Path) -> None:
        """Waiting for one that has ended tells why."""
        with Children() as children:
            aws = LocalAws.start(children, log=tmp_path / "log", env={"PYTHONPATH": ""})
            with pytest.raises(LocalAwsError, match="No module named"):
                aws.wait()

    def test_stop(self, tmp_path: Path) -> None:
        """It ends when told to."""
        with Children() as children:
            aws = LocalAws.start(children, log=tmp_path / "log")
            aws.wait()
            aws.stop()
            assert not aws.child.is_running
