"""Releases on the real pieces: two versions' own code, an alias between them, callers meanwhile."""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import boto3
import pytest
from tests.rehearsal.aws.calls import code_of
from tests.rehearsal.aws.releases import Release, wait_until

from rehearsal.aws import LocalAws
from rehearsal.functions import FolderLogs
from rehearsal.functions.metrics import CloudWatch
from rehearsal.functions.reloading import ReloadingLambda
from rehearsal.gateway import GatewayServer, InvokeApi
from rehearsal.scenarios.image_content import ImageContent
from rehearsal.scenarios.images import Images

pytestmark = pytest.mark.usefixtures("without_functions")

Client = Callable[[str], Any]

_SEED = 7
SOURCE = """
import pathlib
def handler(event, context):
    if {is_broken}:
        raise ValueError("no luck")
    if event == "note":
        with pathlib.Path({notes!r}).open("a") as notes:
            notes.write("{version}")
    return "{version}"
"""


@dataclass(frozen=True)
class Codes:
    """The code of three versions, the third of them broken: where they run, and their images' digests."""

    images: Images
    digests: Sequence[str]


@pytest.fixture
def codes(tmp_path: Path) -> Codes:
    """Return the code of three versions, registered."""
    images = Images(tmp_path / "images")
    return Codes(images, [_laid_out(images, tmp_path, version) for version in ("1", "2", "3")])


def _laid_out(images: Images, folder: Path, version: str) -> str:
    code = folder / version
    code.mkdir()
    source = SOURCE.format(version=version, is_broken=version == "3", notes=str(folder / "notes"))
    (code / "entry.py").write_text(source)
    task = ImageContent(Path(sys.executable), code, "entry.handler", json.dumps({"version": version}))
    images.register(task)
    return task.digest


@pytest.fixture
def release(deployer: Client, name: str, codes: Codes) -> Release:
    """Return a function at version 1, to be released."""
    return Release.prepare(deployer, name, digests=codes.digests)


@pytest.fixture
def service(release: Release, local_aws: LocalAws, codes: Codes, tmp_path: Path) -> Iterator[ReloadingLambda]:
    """Yield what runs the function, its choices between versions seeded."""
    session = boto3.Session("deployer", "secret", region_name="us-east-1")
    logs, metrics = FolderLogs(tmp_path / "logs"), CloudWatch(session, local_aws.url)
    options = {"chance": random.Random(_SEED).random, "metrics": metrics}
    with (
        ReloadingLambda(session, local_aws.url, "", codes.images, logs, **options) as started,
        GatewayServer(InvokeApi(started)) as server,
    ):
        local_aws.invoke_through(server.url)
        yield started
        local_aws.invoke_through(None)
        release.client("lambda").delete_function(FunctionName=release.name)


@pytest.mark.usefixtures("service")
class TestWeights:
    """An alias between two versions."""

    def test_code_of_each_version(self, deployer: Client, release: Release) -> None:
        """A version runs the code of the image it was published with, and says which it was."""
        invoke = deployer("lambda").invoke
        answers = [invoke(FunctionName=release.name, Qualifier=version) for version in ("1", "2", "1")]

        assert ["1", "2", "1"] == [json.loads(one["Payload"].read()) for one in answers]
        assert ["1", "2", "1"] == [one["ExecutedVersion"] for one in answers]

    def test_shares(self, deployer: Client, release: Release) -> None:
        """Callers are divided by the weights, each told by whom it was answered."""
        weigh(deployer, release, 0.3)
        answers = [deployer("lambda").invoke(FunctionName=f"{release.name}:live") for _ in range(200)]
        counted = Counter(one["ExecutedVersion"] for one in answers)

        assert 40 < counted["2"] < 80
        assert counted["1"] == 200 - counted["2"]

    def test_asynchronous(self, deployer: Client, release: Release, service: ReloadingLambda, tmp_path: Path) -> None:
        """Events nobody waits for are divided as well."""
        weigh(deployer, release, 0.5)
        for _ in range(40):
            deployer("lambda").invoke(
                FunctionName=release.name, Qualifier="live", InvocationType="Event", Payload=b'"note"'
            )
        service.settle()
        counted = Counter((tmp_path / "notes").read_text())

        assert 40 == counted.total()
        assert 8 < counted["2"] < 32

    def test_unknown_version(self, deployer: Client, release: Release) -> None:
        """An alias goes to no version that is not there, whole or in part."""
        update = deployer("lambda").update_alias
        target = {"FunctionName": release.name, "Name": "live"}

        assert "ResourceNotFoundException" == code_of(update, **target, FunctionVersion="77")
        routing = {"AdditionalVersionWeights": {"77": 0.1}}
        assert "ResourceNotFoundException" == code_of(update, **target, RoutingConfig=routing)

    def test_unknown_image(self, deployer: Client, release: Release) -> None:
        """A version whose image nobody has is refused."""
        version = release.publish(f"sha256:{'9' * 64}")

        assert "InvalidParameterValueException" == code_of(
            deployer("lambda").invoke, FunctionName=release.name, Qualifier=version
        )


@pytest.mark.usefixtures("service")
class TestUnderLoad:
    """A release while callers call."""

    def test_no_request_fails(self, release: Release) -> None:
        """A good version takes over; every caller is answered, at first by the one, at last by the other."""
        with calling(release) as answered:
            wait_until(lambda: answered["1"] > 10)
            ended = release.ended(release.deploy(config=release.configure("Linear", 30, 1)))
            before = answered["2"]
            wait_until(lambda: answered["2"] > before + 10)

        assert "Succeeded" == ended["status"]
        assert {"1", "2"} == set(answered)
        assert "2" == release.client("lambda").invoke(FunctionName=f"{release.name}:live")["ExecutedVersion"]

    def test_a_broken_version_goes_back(self, release: Release) -> None:
        """The errors of a broken version's few callers ring the alarm; after that nobody gets it any more."""
        release.watch_errors()
        with calling(release) as answered:
            wait_until(lambda: answered["1"] > 10)
            ended = release.ended(release.deploy("1", "3", config=release.configure("Canary", 20, 600)))
            failed, before = answered["failed"], answered["1"]
            wait_until(lambda: answered["1"] > before + 50)

        assert ("Stopped", "ALARM_ACTIVE") == (ended["status"], ended["errorInformation"]["code"])
        assert ("1", {}) == release.alias()
        # each of the four callers may have been on its way to the broken one as the alias moved
        assert 0 < failed <= answered["failed"] <= failed + 4
        assert {"1", "failed"} == set(answered)


def weigh(deployer: Client, release: Release, share: float) -> None:
    """Give version 2 a share of the alias's callers."""
    routing = {"AdditionalVersionWeights": {"2": share}}
    deployer("lambda").update_alias(FunctionName=release.name, Name="live", RoutingConfig=routing)


class calling:  # noqa: N801  reads as a word of its own
    """Callers of the alias, four at once, until it is left; counts their answers by what they say."""

    def __init__(self, release: Release) -> None:
        self._client = release.client("lambda")
        self._name = f"{release.name}:live"
        self._counts: Counter[str] = Counter()
        self._leaving = Event()
        self._pool = ThreadPoolExecutor(4)
        self._callers: list[Any] = []

    def __enter__(self) -> Counter[str]:
        self._callers = [self._pool.submit(self._call) for _ in range(4)]
        return self._counts

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._pool.shutdown()
        for caller in self._callers:
            caller.result()

    def _call(self) -> None:
        while not self._leaving.is_set():
            answer = self._client.invoke(FunctionName=self._name)
            words = "failed" if "FunctionError" in answer else json.loads(answer["Payload"].read())
            self._counts[words] += 1
