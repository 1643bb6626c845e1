"""Which versions callers go back to, by the Lambda and CodeDeploy of a local AWS."""

from collections.abc import Iterator

import boto3
import pytest
from tests.rehearsal.aws.releases import Release

from deployment.account import Account
from deployment.children import Children
from deployment.commands.rollback import moves_to
from deployment.errors import NothingDeployed
from deployment.release.functions import Function
from deployment.release.traffic_shift import TrafficShift
from rehearsal.aws import LocalAws

REGION = "us-east-1"
NAMES = ("fitness", "knowledge")


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Yield an account with two functions of three versions each, callers of both at the second."""
    with Children() as children, pytest.MonkeyPatch.context() as patch:
        aws = LocalAws.start(children, log=tmp_path_factory.mktemp("aws") / "log")
        aws.wait()
        patch.setenv("AWS_ENDPOINT_URL", aws.url)
        session = boto3.Session("deployer", "deployer", region_name=REGION)
        account = Account("123456789012", "aws", "arn:aws:iam::123456789012:root", REGION, session)
        for name in NAMES:
            Release.prepare(account.client, name)
            functions = account.client("lambda")
            functions.update_function_configuration(FunctionName=name, Description="the third")
            functions.publish_version(FunctionName=name)
            functions.update_alias(FunctionName=name, Name="live", FunctionVersion="2")
        yield account


def moves(account: Account, wanted: str) -> list[str]:
    """Return in words where callers would be moved."""
    functions = [Function(name, name, "live", name, "3", 1024, f"/aws/lambda/{name}") for name in NAMES]
    return [str(move) for move in moves_to(wanted, account, TrafficShift(account, NAMES[0]), functions)]


class TestMovesTo:
    """What is wanted."""

    def test_a_version(self, account: Account) -> None:
        """A number is of every function; an object names those that are moved."""
        assert ["fitness 2 -> 1", "knowledge 2 -> 1"] == moves(account, "1")
        assert ["knowledge 2 -> 1"] == moves(account, '{"knowledge": 1}')

    def test_the_one_before(self, account: Account) -> None:
        """Where nothing is named and nothing was ever shifted, it is the version below."""
        assert ["fitness 2 -> 1", "knowledge 2 -> 1"] == moves(account, "")

    def test_there_already(self, account: Account) -> None:
        """Callers of a version are not moved to it."""
        assert [] == moves(account, "2")

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            ("9", "fitness has no version 9; it has 1, 2, 3"),
            ("first", "fitness has no version first"),
            ("3", "newer than what callers have, 2: make deploy goes forward"),
            ('{"fitnes": 1}', "there is no function fitnes; there are fitness, knowledge"),
            ('{"fitness": 1', "neither a version nor an object"),
        ],
    )
    def test_refused(self, account: Account, wanted: str, words: str) -> None:
        """What is not there, what nobody has tried, and what is misspelt moves nobody."""
        with pytest.raises(NothingDeployed, match=words):
            moves(account, wanted)
