"""`make run` as a newcomer meets it: the real stack, started, used over HTTP, stopped and killed."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest
from tests.documentation.session import paste
from tests.e2e.laptop import COMMAND, PROJECT, Laptop, descendants, running, still_there, wait_until

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes through /proc"),
    pytest.mark.long(seconds=40),
]


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """Return the folder every run of this module keeps its state in, one after the other."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "state"


@pytest.fixture(scope="module")
def laptop(state: Path) -> Iterator[Laptop]:
    """Return a run that serves, until `TestRuns` ends it."""
    with running(state) as laptop:
        yield laptop


class TestServing:
    """A run that serves."""

    def test_health(self, laptop: Laptop) -> None:
        """Every part is well."""
        well = {"status": "ok", "database": "connected", "rag": "initialized"}
        assert (200, well) == laptop.ask("GET", "/api/v1/health/")

    def test_documentation(self, laptop: Laptop) -> None:
        """The documentation's URL answers."""
        assert f"Docs   {laptop.url}/docs" in laptop.printed
        with urlopen(f"{laptop.url}/docs", timeout=30) as response:
            assert 200 == response.status

    def test_demo_login(self, laptop: Laptop) -> None:
        """The login it printed works, and is known by name."""
        token = laptop.log_in()
        status, me = laptop.ask("GET", "/api/v1/users/me", token=token)
        assert (200, laptop.account["email"]) == (status, me["email"])

    @pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to paste into")
    def test_pasted_lines(self, laptop: Laptop) -> None:
        """The three lines, pasted into a shell: the sets are logged, and the coach answers with a citation."""
        shell = subprocess.run(
            ["/bin/sh", "-euc", "\n".join(laptop.curl_lines)], check=True, capture_output=True, text=True
        )
        logged, answer = (json.loads(line) for line in shell.stdout.splitlines())
        assert "barbell-back-squat" in json.dumps(logged)
        assert answer["citations"]

    @pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to paste into")
    def test_pasted_pages(self, laptop: Laptop, tmp_path: Path) -> None:
        """Every command by which the README and the services' pages call the API, pasted in their order."""
        shell = paste(laptop.url, tmp_path, laptop.environ)
        assert 0 == shell.returncode, shell.stderr[-1000:] + shell.stdout[-1000:]
        assert "the same\n" in shell.stdout  # a film that came back byte for byte
        assert '"citations":[{"marker":1,"document_id":' in shell.stdout
        assert shell.stdout.rpartition("{")[0].count('"removed":{') == 1

    def test_progress(self, laptop: Laptop) -> None:
        """Each step left two plain lines, without control characters."""
        for step in ("Postgres 18", "Database schema", "Exercises and knowledge", "Application", "Local AWS"):
            assert re.search(rf"^{step} \.\.\.$", laptop.printed, re.MULTILINE)
            assert re.search(rf"^{step}: done in \d+\.\d s", laptop.printed, re.MULTILINE)
        assert "\x1b" not in laptop.printed

    def test_second_run(self, laptop: Laptop, state: Path) -> None:
        """Another run on the same state is refused in one line, and harms nothing."""
        second = Laptop(state)
        assert 1 == second.end()
        assert f"process {laptop.process.pid} keeps its data there and serves {laptop.url}" in second.printed
        assert 1 == len(second.printed.splitlines())
        assert 200 == laptop.ask("GET", "/api/v1/health/")[0]

    def test_logs(self, laptop: Laptop, state: Path) -> None:
        """Each part has its log; the application's has one JSON object a line, and no password."""
        laptop.log_in()
        names = {path.stem for path in (state / "log").iterdir()}
        assert {"app", "aws", "postgres", "migrate", "seed"} == names
        text = (state / "log" / "app.log").read_text()
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
        assert laptop.account["password"] not in text


FILM = b"ftypmp42" * 1_000
VIDEO = "exercises/barbell-back-squat/advanced.mp4"


@pytest.fixture(scope="class")
def second(state: Path) -> Iterator[Laptop]:
    """Return the run after `laptop`, which has ended when this one is asked for."""
    with running(state) as laptop:
        yield laptop


@pytest.fixture(scope="class")
def third(state: Path) -> Iterator[Laptop]:
    """Return the run after `second`, likewise."""
    with running(state) as laptop:
        yield laptop


class TestRuns:
    """One run after the other on the same state; each scenario goes on from the one before."""

    def test_upload(self, laptop: Laptop) -> None:
        """An account is made an administrator's, and uploads a video by the form: its bytes go to the local AWS."""
        email = laptop.account["email"]
        granted = subprocess.run(
            [*COMMAND, "--grant", email, "admin"], env=laptop.environ, check=True, capture_output=True, text=True
        )
        assert f"{email} is an administrator from the next sign-in or refresh\n" == granted.stdout
        wanted = {"path": VIDEO, "content_type": "video/mp4", "size_bytes": len(FILM)}
        status, answer = laptop.ask("POST", "/api/v1/videos", wanted, laptop.log_in())
        assert 201 == status
        upload = answer["upload"]
        files = {"file": ("film.mp4", FILM, "video/mp4")}
        assert 204 == httpx.post(upload["url"], data=upload["fields"], files=files, trust_env=False).status_code

    def test_sigterm(self, laptop: Laptop) -> None:
        """It ends in good order, and leaves no process."""
        body = {"name": "kept by the test"}
        assert 201 == laptop.ask("POST", "/api/v1/workouts-db/", body, laptop.log_in())[0]
        family = descendants(laptop.process.pid)
        assert len(family) > 5  # guard, Postgres and its own, local AWS, the application
        laptop.process.send_signal(signal.SIGTERM)
        assert 0 == laptop.end()
        assert {} == still_there(family)

    def test_what_is_kept(self, laptop: Laptop, second: Laptop) -> None:
        """The next run has the same login, what was logged, and the video byte for byte."""
        assert laptop.account == second.account
        token = second.log_in()
        status, page = second.ask("GET", "/api/v1/workouts-db/", token=token)
        assert (200, True) == (status, "kept by the test" in json.dumps(page))
        status, video = second.ask("GET", f"/api/v1/videos/{VIDEO}", token=token)
        assert 200 == status
        assert FILM == httpx.get(video["url"], trust_env=False).content

    def test_kill(self, second: Laptop, request: pytest.FixtureRequest) -> None:
        """After kill -9 of the run itself nothing is left either, and the next run starts at once."""
        family = descendants(second.process.pid)
        second.process.kill()
        second.end()
        third: Laptop = request.getfixturevalue("third")
        assert 200 == third.ask("GET", "/api/v1/health/")[0]
        wait_until(lambda: not still_there(family))

    def test_a_part_dies(self, third: Laptop, state: Path) -> None:
        """When a part ends the run says which, ends the others, and fails."""
        family = descendants(third.process.pid)
        aws = next(pid for pid, command in family.items() if "rehearsal.aws" in command)
        os.kill(aws, signal.SIGKILL)
        assert 1 == third.end()
        assert f"Local AWS ended with status -9; the end of {state}/log/aws.log" in third.printed
        assert {} == still_there(family)


class TestEnding:
    """Other ways in which a run ends; each test starts its own on the same state."""

    def test_killed_parent(self, state: Path) -> None:
        """When `make` is killed, what it runs ends in good order."""
        script = f"{shlex.join(COMMAND)} --with-parent; :"  # the shell stays, in make's place
        laptop = Laptop(state, ("/bin/sh", "-c", script))
        laptop.serve()
        family = descendants(laptop.process.pid)
        laptop.process.kill()
        assert -signal.SIGKILL == laptop.end()
        assert laptop.printed.endswith("Stopping; everything is kept.\n")
        wait_until(lambda: not still_there(family))

    def test_interrupted_start(self, state: Path) -> None:
        """Ctrl-C while it starts leaves no process, and a status that says so."""
        laptop = Laptop(state)
        laptop.read_until("Postgres 18: done")
        family = descendants(laptop.process.pid)
        laptop.process.send_signal(signal.SIGINT)
        assert 128 + signal.SIGINT == laptop.end()
        assert {} == still_there(family)


class TestRefusal:
    """What keeps a run from starting, each in one line and before anything is started."""

    def test_nobody_to_grant_to(self, state: Path) -> None:
        """Without a run there is no database to write to, and it says so in one line."""
        ended = Laptop(state, (*COMMAND, "--grant", "demo@example.com", "admin"))
        assert 1 == ended.end()
        assert ended.printed.startswith(f"make run: nothing runs on {state}")
        assert 1 == len(ended.printed.splitlines())

    def test_port_taken(self, tmp_path: Path) -> None:
        """A port asked for by name that is taken."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            laptop = Laptop(tmp_path, PORT=str(port))
            assert 1 == laptop.end()
        expected = f"make run: port {port} is taken: stop what uses it, or leave PORT unset\n"
        assert expected == laptop.printed

    def test_state_unusable(self, tmp_path: Path) -> None:
        """A state that cannot be kept where it is wanted."""
        (tmp_path / "file").touch()
        laptop = Laptop(tmp_path / "file")
        assert 1 == laptop.end()
        assert [f"make run: cannot work in {tmp_path}/file: Not a directory"] == laptop.printed.splitlines()


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
class TestMake:
    """The verb itself."""

    def test_run(self) -> None:
        """`make run` becomes the program that is tested here, in the project's own environment."""
        shown = subprocess.run(
            ["make", "--dry-run", "run"],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"]},
            check=True,
            capture_output=True,
            text=True,
        )
        assert re.search(r'exec env .*/\.venv/bin/python" -m rehearsal\.laptop', shown.stdout)
