"""`make rehearse`, `make up` and `make down` as somebody meets them: played, used, refused, interrupted, killed."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.e2e.laptop import PROJECT, descendants, still_there, wait_until
from tests.terraform import copied_sources, needs_terraform

pytestmark = [
    needs_terraform,
    pytest.mark.long(seconds=110),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes through /proc"),
]

COMMAND = (sys.executable, "-m", "rehearsal")


class Ground:
    """A folder for one rehearsal at a time, with its own temporary folder."""

    def __init__(self, folder: Path, sources: Path) -> None:
        self.folder = folder
        self.sources = sources
        self.state = folder / "state"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()

    def environ(self, **more: str) -> dict[str, str]:
        """Return what the command sees."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(PROJECT / "backend" / "src"),
            "REHEARSAL_STATE": str(self.state),
            "TERRAFORM_SOURCES": str(self.sources),
            "TMPDIR": str(self.temporary),
            **more,
        }

    def run(self, verb: str, **more: str) -> tuple[int, str]:
        """Run a verb to its end; return its status and what it printed."""
        ran = subprocess.run(
            [*COMMAND, verb],
            env=self.environ(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
        return ran.returncode, ran.stdout

    @contextmanager
    def begun(self, words: str) -> Iterator["subprocess.Popen[str]"]:
        """Yield a rehearsal that has printed a line with `words`; kill it afterwards, should it still run."""
        with subprocess.Popen(
            [*COMMAND, "rehearse"],
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                assert process.stdout is not None
                printed = ""
                for line in process.stdout:
                    printed += line
                    if words in line:
                        break
                else:
                    pytest.fail(f"ended before {words!r}:\n{printed}")
                yield process
            finally:
                process.kill()

    def left(self) -> list[str]:
        """Return what lies around; the lock's file stays, and is empty."""
        lock = self.state.with_name("state.lock")
        words = [lock.read_text()] if lock.exists() else []
        return [*filter(None, words), *(str(path) for path in (*self.temporary.iterdir(), self.state) if path.exists())]


def running_beside(pid: int, *programs: str) -> dict[int, str]:
    """Return what a rehearsal has started, once each of these programs is among it."""
    found: dict[int, str] = {}

    def all_run() -> bool:
        found.clear()
        found.update(descendants(pid))
        return all(any(program in command for command in found.values()) for program in programs)

    wait_until(all_run)
    return found


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Terraform without what takes a minute."""
    return copied_sources(tmp_path_factory.mktemp("sources") / "terraform")


@pytest.fixture(scope="module")
def ground(sources: Path) -> Iterator[Ground]:
    """Return where the rehearsals of this module are played."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)
        yield Ground(Path(folder), sources)


@pytest.fixture(scope="class")
def standing(ground: Ground) -> Iterator[str]:
    """Return what `up` printed; `down` is the last test's, and again the fixture's."""
    status, printed = ground.run("up")
    assert 0 == status, printed
    yield printed
    ground.run("down")


class TestUp:
    """A rehearsal left standing: one, for all of this."""

    def test_steps(self, standing: str) -> None:
        """Each step left two plain lines, without control characters, then the invitation."""
        for step in ("Tools", "Local AWS", "State backend (bootstrap/)", "terraform apply", "Functions and gateway"):
            assert re.search(rf"^{re.escape(step)} \.\.\.$", standing, re.MULTILINE)
            assert re.search(rf"^{re.escape(step)}: done in \d+\.\d s", standing, re.MULTILINE)
        assert "\x1b" not in standing
        assert "The rehearsal stands: prod, layout single. make down ends it and throws it away." in standing

    @pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to paste into")
    def test_pasted_lines(self, standing: str) -> None:
        """The lines, pasted into a shell: an account, a set logged, an answer with a citation."""
        lines = [line.strip() for line in standing.splitlines() if "curl -s" in line]
        assert 4 == len(lines)
        shell = subprocess.run(["/bin/sh", "-euc", "\n".join(lines)], check=True, capture_output=True, text=True)
        registered, logged, answer = (json.loads(line) for line in shell.stdout.splitlines())
        assert "me@example.com" in json.dumps(registered)
        assert "barbell-back-squat" in json.dumps(logged)
        assert answer["citations"]

    def test_only_its_owner_reads_the_secrets(self, standing: str, ground: Ground) -> None:
        """What another terminal sources is named, and is nobody else's to read."""
        path = ground.state / "env"
        assert f"\n  . {path}\n" in standing
        assert 0o600 == path.stat().st_mode & 0o777

    def test_a_second(self, standing: str, ground: Ground) -> None:
        """Another rehearsal is refused in one line that says who stands where, and harms nothing."""
        found = re.search(r"API +(\S+)", standing)
        assert found
        status, printed = ground.run("rehearse")
        assert 1 == status
        [line] = printed.splitlines()
        assert re.fullmatch(
            rf"rehearsal: a rehearsal plays here already: process \d+ and serves {re.escape(found[1])}\. "
            r"End it first \(make down\), or set REHEARSAL_STATE to another folder",
            line,
        )
        assert (ground.state / "env").exists()

    def test_one_more_image(self, standing: str, ground: Ground) -> None:
        """The repository gets it, and its digest is told; who asks has sourced what `up` left."""
        line = f". {ground.state}/env && {sys.executable} -m rehearsal image --backend {PROJECT / 'backend'} --tag more"
        ended = subprocess.run(
            ["bash", "-euc", line], env=ground.environ(), capture_output=True, text=True, check=False
        )
        assert 0 == ended.returncode, ended.stderr
        assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", ended.stdout)

    def test_down(self, standing: str, ground: Ground) -> None:
        """It is gone, and everything with it; a second time there is nothing to end."""
        found = re.search(r"API +(\S+)", standing)
        assert found
        pid = json.loads(ground.state.with_name("state.lock").read_text())["pid"]
        pids = descendants(pid) | {pid: Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()}
        assert 5 <= len(pids)
        assert (0, f"rehearsal: {found[1]} is gone, and everything with it\n") == ground.run("down")
        assert ({}, []) == (still_there(pids), ground.left())
        assert (0, "rehearsal: no rehearsal stands here\n") == ground.run("down")


class TestStopped:
    """Ctrl-C, whenever it comes."""

    def test_at_its_beginning(self, ground: Ground) -> None:
        """It ends with status 130 and a plain line; no process and no file stays."""
        with ground.begun("Local AWS ...") as process:
            self._interrupt(ground, process, descendants(process.pid))

    @pytest.mark.parametrize(
        ("words", "program"),
        [("Image packages: done", "terraform-provider"), ("Smoke test ...", "/terraform plan ")],
        ids=["bootstrap", "smoke test"],
    )
    def test_while_terraform_is_at_work(self, ground: Ground, words: str, program: str) -> None:
        """So it does while bootstrap is applied, and while all is there and a second plan is made."""
        with ground.begun(words) as process:
            self._interrupt(ground, process, running_beside(process.pid, program))

    def _interrupt(self, ground: Ground, process: "subprocess.Popen[str]", pids: dict[int, str]) -> None:
        assert pids
        process.send_signal(signal.SIGINT)
        printed = process.communicate(timeout=60)[0]
        assert (130, "rehearsal: stopped; nothing is left") == (process.returncode, printed.splitlines()[-1])
        assert "Traceback" not in printed
        assert ({}, []) == (still_there(pids), ground.left())

    def test_killed(self, ground: Ground) -> None:
        """After `kill -9` its guard ends what it started; what it left on the disk goes with the next start."""
        with ground.begun("State backend (bootstrap/) ...") as process:
            pids = running_beside(process.pid, "rehearsal.aws", "postgres", "chroma", "terraform-provider")
            process.kill()
        wait_until(lambda: not still_there(pids))
        assert ground.state.exists()
        with ground.begun("Local AWS: done") as process:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        assert 130 == process.returncode
        assert [] == ground.left()


class TestRefused:
    """What cannot be played."""

    def test_a_port_taken(self, ground: Ground) -> None:
        """The port is named at once, and what to do."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            status, printed = ground.run("rehearse", PORT=str(port))
        words = f"rehearsal: port {port} cannot be served on: Address already in use; leave PORT unset"
        assert (1, ["Tools ...", words]) == (status, printed.splitlines())
        assert [] == ground.left()

    @pytest.mark.parametrize("verb", ["rehearse", "up"])
    def test_no_terraform(self, ground: Ground, tmp_path: Path, verb: str) -> None:
        """It says how to install it."""
        status, printed = ground.run(verb, PATH=str(tmp_path))
        assert 1 == status
        assert "rehearsal: Looking for Terraform failed:\n    there is no terraform in PATH: install it from" in printed
        assert [] == ground.left()

    @pytest.mark.parametrize(
        ("verb", "environ"),
        [("rehearse", {"ENV": "nowhere"}), ("rehearse", {"PORT": "many"}), ("up", {"LAYOUT": "odd"})],
    )
    def test_a_bad_choice(self, ground: Ground, verb: str, environ: dict[str, str]) -> None:
        """One line names what there is."""
        status, printed = ground.run(verb, **environ)
        assert (1, 1) == (status, len(printed.splitlines()))
        assert printed.startswith("rehearsal: ")
        assert [] == ground.left()

    def test_nothing_to_end(self, ground: Ground) -> None:
        """Ending what does not stand says so, and needs no target."""
        assert (0, "rehearsal: no rehearsal stands here\n") == ground.run("down", ENV="nowhere", PORT="many")
        assert [] == ground.left()

    def test_terraform_refuses(self, ground: Ground, tmp_path: Path) -> None:
        """A variable that makes no sense: Terraform's own words, no stack trace, and nothing left."""
        sources = copied_sources(tmp_path / "terraform")
        variables = sources / "environments" / "prod" / "terraform.tfvars"
        written = variables.read_text()
        refused = re.sub(r'aws_region( *)= "[^"]*"', r'aws_region\1= "frankfurt"', written)
        assert refused != written
        variables.write_text(refused)
        status, printed = ground.run("rehearse", TERRAFORM_SOURCES=str(sources))
        assert 1 == status
        told = printed[printed.index("rehearsal: ") :]
        assert told.startswith("rehearsal: terraform apply of bootstrap/ failed:\n")
        assert "A region is like eu-central-1." in told
        assert "Traceback" not in printed
        assert [] == ground.left()
