"""Runs of load against a small service that counts for itself."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.deployment.load.service import Service, serving

_SOURCES = Path(__file__).parents[3] / "src"
_QUICK = ("--users", "4", "--seconds", "3", "--ramp", "0.5", "--pause", "0.02", "--most-chats", "3")


def begun(url: str, *options: str, **more: str) -> "subprocess.Popen[str]":
    """Return a run that was started, with more in its environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "deployment.load", url, *options],
        env={**os.environ, "PYTHONPATH": str(_SOURCES), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(url: str, *options: str, **more: str) -> tuple[int, str]:
    """Return the status of a run and what it said."""
    with begun(url, *options, **more) as process:
        said = process.communicate(timeout=120)[0]
    return process.returncode, said


def every_tenth_fails(name: str, number: int) -> tuple[int, dict[str, Any]] | None:
    """Fail as a service, as a gateway and as a network do, each now and then in an operation of its own."""
    if name == "GET /api/v1/profile" and number % 3 == 0:
        return 503, {"type": "urn:coachwork:problem:dependency-down", "status": 503}
    if name == "GET /api/v1/workouts-db/" and number % 2 == 0:
        return 429, {"message": "Too Many Requests"}
    if name == "GET /api/v1/exercises" and number == 2:
        return 0, {}
    return None


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Service, int, dict[str, Any], Path]:
    """Run once against a service that fails; return it, the status, the result and the plot's path."""
    folder = tmp_path_factory.mktemp("load")
    with serving(every_tenth_fails) as service:
        files = ("--json", str(folder / "load.json"), "--plot", str(folder / "load.svg"))
        status, said = run(service.url, *_QUICK, *files)
    assert (folder / "load.json").exists(), said
    return service, status, json.loads((folder / "load.json").read_text()), folder / "load.svg"


class TestCounting:
    """A run counts what the service counts."""

    def test_every_request(self, told: tuple[Service, int, dict[str, Any], Path]) -> None:
        """Each operation's requests are as many as the service was asked, its making and removing of accounts aside."""
        service, _, result, _ = told
        aside = {"POST /api/v1/users/register": 4, "DELETE /api/v1/users/me": 4}
        asked = service.asked - type(service.asked)(aside)
        asked["POST /api/v1/users/login"] -= 1 + 4  # looking for documents, and to delete
        asked["GET /api/v1/documents"] -= 1

        assert dict(+asked) == {one["name"]: one["requests"] for one in result["operations"]}
        assert result["unfinished"] == 0

    def test_every_failure(self, told: tuple[Service, int, dict[str, Any], Path]) -> None:
        """Failures are counted exactly, by operation, with status and problem."""
        service, _, result, _ = told

        assert {
            ("GET /api/v1/profile", 503, "dependency-down"): service.failed["GET /api/v1/profile"],
            ("GET /api/v1/workouts-db/", 429, "gateway: Too Many Requests"): service.failed["GET /api/v1/workouts-db/"],
            ("GET /api/v1/exercises", 0, "no answer: RemoteDisconnected"): 1,
        } == {(one["name"], one["status"], one["kind"]): one["count"] for one in result["failures"]}
        assert service.failed.total() == result["failed"]

    def test_says_so(self, told: tuple[Service, int, dict[str, Any], Path]) -> None:
        """More failures than there may be make status 1."""
        assert told[1] == 1

    def test_spares_tokens(self, told: tuple[Service, int, dict[str, Any], Path]) -> None:
        """The coach is asked no more often than allowed."""
        assert told[0].asked["POST /api/v1/chat/send"] <= 3

    def test_draws(self, told: tuple[Service, int, dict[str, Any], Path]) -> None:
        """The run is drawn as SVG."""
        assert ElementTree.parse(told[3]).getroot().tag == "{http://www.w3.org/2000/svg}svg"


class TestThresholds:
    """What the status says."""

    def test_all_hold(self) -> None:
        """Without a failure, and as fast as asked, the status is 0."""
        with serving() as service:
            status, said = run(service.url, *_QUICK, "--max-p95-ms", "60000")

        assert status == 0, said
        assert "failed requests in percent: 0, at most 0: holds" in said

    def test_too_slow(self) -> None:
        """Slower than asked is status 1."""
        with serving() as service:
            status, said = run(service.url, *_QUICK, "--max-p95-ms", "0.001")

        assert status == 1
        assert "DOES NOT HOLD" in said


class TestStopping:
    """A run that is told to stop."""

    def test_writes_its_result(self, tmp_path: Path) -> None:
        """SIGTERM ends it early, with its result written, nothing lost and its accounts deleted."""
        file = tmp_path / "load.json"
        with serving() as service:
            with begun(
                service.url, "--users", "2", "--seconds", "600", "--pause", "0.02", "--json", str(file)
            ) as process:
                assert process.stdout
                while "2 users, " not in process.stdout.readline():
                    pass
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)
            result = json.loads(file.read_text())

        assert (process.returncode, result["stopped_by"], result["unfinished"]) == (0, "SIGTERM", 0)
        assert result["requests"] > 0
        assert service.asked["DELETE /api/v1/users/me"] == 2


class TestAccounts:
    """Whose accounts are used."""

    def test_keeps_those_that_were_given(self, tmp_path: Path) -> None:
        """A given account is neither registered nor deleted, and what the run logged is removed."""
        accounts = tmp_path / "accounts"
        accounts.write_text("# mine\nAda@example.com a pass phrase\n")
        with serving() as service:
            status, said = run(service.url, *_QUICK, "--accounts", str(accounts))

        assert status == 0, said
        assert service.asked["POST /api/v1/users/register"] == service.asked["DELETE /api/v1/users/me"] == 0
        assert service.asked["PUT /api/v1/profile"] == 0
        assert service.asked["POST /api/v1/workouts-db/logs"] == service.asked["DELETE /api/v1/workouts-db/logs/7"]

    def test_keeps_the_one_the_environment_names(self) -> None:
        """As for the smoke test; half of it is refused."""
        with serving() as service:
            status, said = run(service.url, *_QUICK, SMOKE_EMAIL="ada@example.com", SMOKE_PASSWORD="pass")

        assert status == 0, said
        assert service.asked["POST /api/v1/users/register"] == service.asked["DELETE /api/v1/users/me"] == 0
        assert run(service.url, SMOKE_EMAIL="ada@example.com")[0] == 2

    def test_erases_first_what_is_kept_elsewhere(self) -> None:
        """An account that another function keeps documents of is deleted once these are erased."""
        kept = {"type": "urn:coachwork:problem:kept-elsewhere", "title": "Kept", "status": 409}

        def refuse(name: str, times: int) -> tuple[int, dict[str, Any]] | None:
            return (409, kept) if name == "DELETE /api/v1/users/me" and times <= 1 else None

        with serving(refuse) as service:
            status, said = run(service.url, *_QUICK)

        assert status == 0, said
        assert "is left behind" not in said
        assert (5, 1) == (service.asked["DELETE /api/v1/users/me"], service.asked["DELETE /api/v1/knowledge"])

    @pytest.mark.parametrize("text", ["", "ada@example.com\n"])
    def test_refuses_a_file_without(self, tmp_path: Path, text: str) -> None:
        """A file that names no account, or none whole, is status 2."""
        accounts = tmp_path / "accounts"
        accounts.write_text(text)

        assert run("http://127.0.0.1:1", "--accounts", str(accounts))[0] == 2


class TestBeginning:
    """A run that cannot begin."""

    def test_nobody_answers(self) -> None:
        """Where nothing serves, the status is 3 with the reason."""
        status, said = run("http://127.0.0.1:1", *_QUICK)

        assert status == 3
        assert "refuses the connection" in said

    def test_wants_a_url_or_an_environment(self) -> None:
        """Without either the status is 2, and the environments there are."""
        status, said = run("", ENV="")

        assert status == 2
        assert "no URL was given" in said

    @pytest.mark.parametrize("options", [("ftp://here",), ("http://127.0.0.1:1", "--users", "0")])
    def test_refuses_nonsense(self, options: tuple[str, ...]) -> None:
        """A URL or a number that makes no sense is status 2."""
        assert run(*options)[0] == 2
