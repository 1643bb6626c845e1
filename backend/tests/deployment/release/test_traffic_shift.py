"""Moving aliases by the CodeDeploy of a local AWS."""

from collections.abc import Callable, Iterator
from time import sleep
from uuid import uuid4

import boto3
import pytest
from tests.rehearsal.aws.releases import Release

from deployment.account import Account
from deployment.children import Children
from deployment.errors import ReleaseFailed
from deployment.release.functions import Function, live, versions
from deployment.release.traffic_shift import Move, TrafficShift
from rehearsal.aws import LocalAws

REGION = "us-east-1"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Yield a local AWS in which a minute lasts a fifth of a second."""
    with Children() as children:
        log = tmp_path_factory.mktemp("aws") / "log"
        started = LocalAws.start(children, log=log, options=["--minute-seconds", "0.2"])
        started.wait()
        yield started


@pytest.fixture
def account(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Return the account, for one who may do anything."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    session = boto3.Session("deployer", "deployer", region_name=REGION)
    return Account("123456789012", "aws", "arn:aws:iam::123456789012:root", REGION, session)


@pytest.fixture
def make(account: Account) -> Callable[[], Function]:
    """Return what makes a function with two versions, callers at the first."""

    def made() -> Function:
        name = f"shifted-{uuid4().hex[:12]}"
        Release.prepare(account.client, name)
        return Function("api", name, "live", name, "2", 1024, f"/aws/lambda/{name}")

    return made


def shift_of(account: Account, function: Function) -> TrafficShift:
    """Return what moves the alias of this function."""
    return TrafficShift(account, function.name, lambda _: sleep(0.02))


def make_canary(account: Account, function: Function, minutes: int) -> None:
    """Have the function's callers move in two steps."""
    release = Release(account.client, function.name)
    config = release.configure("Canary", 10, minutes)
    account.client("codedeploy").update_deployment_group(
        applicationName=function.name, currentDeploymentGroupName=function.group, deploymentConfigName=config
    )


def canary_under_way(account: Account, function: Function) -> tuple[TrafficShift, Move]:
    """Move some callers to version 2; the others stay as long as a test lasts."""
    make_canary(account, function, 2000)
    shift = shift_of(account, function)
    move = shift.start(Move(function, "1", "2"))
    while not live(account, function).next_version:
        sleep(0.02)
    return shift, move


class TestShift:
    """Moving callers."""

    def test_to_the_next_version(self, account: Account, make: Callable[[], Function]) -> None:
        """All callers have it at the end, and it is known what they had."""
        function = make()
        shift, told = shift_of(account, function), list[str]()
        shift.watch([shift.start(Move(function, "1", "2"))], told.append)
        assert "2" == live(account, function).version
        assert f"{function.name} 1 -> 2: Succeeded" == told[-1]
        assert "1" == shift.came_from(function, "2")
        assert ["1", "2"] == versions(account, function)

    def test_share_of_callers(self, account: Account, make: Callable[[], Function]) -> None:
        """On the way some callers have the new version."""
        function = make()
        shift, move = canary_under_way(account, function)
        assert "version 1, 10% of callers version 2" == str(live(account, function))
        assert move == shift.under_way(function)
        shift.roll_back([move], lambda _: None)
        assert "version 1" == str(live(account, function))
        assert shift.under_way(function) is None

    def test_an_alarm(self, account: Account, make: Callable[[], Function]) -> None:
        """An alarm that rings stops it, and CodeDeploy's reason is told."""
        function = make()
        shift, move = canary_under_way(account, function)
        account.client("cloudwatch").set_alarm_state(AlarmName=function.name, StateValue="ALARM", StateReason="test")
        with pytest.raises(ReleaseFailed, match=r"is Stopped: ALARM_ACTIVE: .*alarms have been activated"):
            shift.watch([move], lambda _: None)
        shift.roll_back([move], lambda _: None)
        assert "version 1" == str(live(account, function))

    def test_back_while_an_alarm_rings(self, account: Account, make: Callable[[], Function]) -> None:
        """What rings is why one goes back: it must not stop that."""
        function = make()
        shift = shift_of(account, function)
        move = shift.start(Move(function, "1", "2"))
        shift.watch([move], lambda _: None)
        account.client("cloudwatch").set_alarm_state(AlarmName=function.name, StateValue="ALARM", StateReason="test")
        shift.roll_back([move], lambda _: None)
        assert "version 1" == str(live(account, function))

    def test_a_version_that_is_not_there(self, account: Account, make: Callable[[], Function]) -> None:
        """CodeDeploy's refusal is told with the move."""
        function = make()
        shift = shift_of(account, function)
        with pytest.raises(ReleaseFailed, match=f"{function.name} 1 -> 7, deployment d-.* is Failed"):
            shift.watch([shift.start(Move(function, "1", "7"))], lambda _: None)

    def test_another_is_under_way(self, account: Account, make: Callable[[], Function]) -> None:
        """A second release of a function is refused, with CodeDeploy's reason."""
        function = make()
        make_canary(account, function, 2000)
        shift = shift_of(account, function)
        move = shift.start(Move(function, "1", "2"))
        with pytest.raises(ReleaseFailed, match=f"{function.name} 1 -> 2 was not begun: .*DeploymentLimitExceeded"):
            shift.start(Move(function, "1", "2"))
        shift.roll_back([move], lambda _: None)

    def test_one_of_two_fails(self, account: Account, make: Callable[[], Function]) -> None:
        """The other goes back as well, whether it had come to its end or not."""
        well, ill = make(), make()
        shift, other = shift_of(account, well), shift_of(account, ill)
        moves = [shift.start(Move(well, "1", "2"))]
        shift.watch(moves, lambda _: None)
        lost = other.start(Move(ill, "1", "7"))
        with pytest.raises(ReleaseFailed):
            other.watch([lost], lambda _: None)
        shift.roll_back(moves, lambda _: None)
        other.roll_back([lost], lambda _: None)
        assert ["1", "1"] == [live(account, function).version for function in (well, ill)]

    def test_nothing_to_move(self, account: Account, make: Callable[[], Function]) -> None:
        """Moving nothing is over at once."""
        function = make()
        shift_of(account, function).watch([], lambda _: None)
        assert shift_of(account, function).last(function) is None
