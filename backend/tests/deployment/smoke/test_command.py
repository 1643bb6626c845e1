"""`make smoke` as a user meets it: lines, exit codes, plain words, Ctrl-C."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from threading import Event

import pytest
from tests.deployment.smoke.deployment import ORIGIN, Deployment
from tests.deployment.smoke.proxy import Answer, Request, broken
from tests.e2e.laptop import PROJECT

COMMAND = (sys.executable, "-m", "deployment.smoke")


def environment(**environ: str) -> dict[str, str]:
    """Return the environment a run gets."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT / "backend" / "src"), **environ}


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**environ), capture_output=True, text=True, timeout=120, check=False
    )


class TestLines:
    """What is printed, and the exit code."""

    def test_all_as_expected(self, deployment: Deployment) -> None:
        """A line a check with its time and what was seen; the last line counts; nothing goes to stderr."""
        admin = {"SMOKE_ADMIN_EMAIL": deployment.admin["email"], "SMOKE_ADMIN_PASSWORD": deployment.admin["password"]}
        done = run(deployment.laptop.url, "--docs", ORIGIN=ORIGIN, **admin)
        assert (0, "") == (done.returncode, done.stderr)
        first, *checks, last = done.stdout.splitlines()
        assert f"smoke: {deployment.laptop.url}" == first
        assert [] == [line for line in checks if not re.fullmatch(r"✓ \S.{20} +\d+\.\d\d s  \S.*", line)]
        assert re.search(r"^✓ chat with citations +\d+\.\d\d s  \d citations?, model offline$", done.stdout, re.M)
        assert re.fullmatch(rf"smoke: \d+ requests, {len(checks)} checks, all as expected", last)

    def test_a_failure(self, deployment: Deployment) -> None:
        """A cross, the reason below it, and what failed or was skipped in the last line; the exit code is 1."""
        done = run(deployment.laptop.url)
        assert (1, "") == (done.returncode, done.stderr)
        assert re.search(r"^✗ documentation +\d+\.\d\d s\n    GET /docs shows the documentation$", done.stdout, re.M)
        assert re.search(
            r"checks, 1 failed: documentation; skipped: upload by an admin, front end \(CORS\),", done.stdout
        )

    def test_options_that_were_not_given(self, deployment: Deployment) -> None:
        """Without administrator and origin their checks are skipped, with how to have them; the rest passes.

        Characters the terminal has not are replaced.
        """
        done = run(deployment.laptop.url, "--docs", PYTHONIOENCODING="ascii")
        assert (0, "") == (done.returncode, done.stderr)
        *_, last = done.stdout.splitlines()
        assert last.endswith("all as expected; skipped: upload by an admin, front end (CORS), gateway's own error")
        assert re.search(r"^\? upload by an admin +skipped: .*SMOKE_ADMIN_EMAIL", done.stdout, re.M)
        assert re.search(r"^\? front end \(CORS\) +skipped: .*ORIGIN=https://app\.example\.com", done.stdout, re.M)


class TestPlainWords:
    """Nothing answers: said in one line, without a stack trace."""

    def test_refused(self) -> None:
        """A port nobody listens on."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        done = run(f"http://127.0.0.1:{port}/production")
        assert (1, "") == (done.returncode, done.stderr)
        assert f"127.0.0.1:{port} refuses the connection: nothing serves there" in done.stdout

    def test_no_such_name(self) -> None:
        """A host without an address."""
        done = run("https://nowhere.invalid/production")
        assert (1, "") == (done.returncode, done.stderr)
        assert "the name nowhere.invalid has no address (DNS): is it spelt right?" in done.stdout

    def test_no_tls(self, deployment: Deployment) -> None:
        """https where http is spoken."""
        done = run(deployment.laptop.url.replace("http:", "https:"))
        assert (1, "") == (done.returncode, done.stderr)
        assert "does not speak TLS as it should" in done.stdout

    def test_silence(self) -> None:
        """A server that accepts and says nothing."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            done = run(f"http://127.0.0.1:{server.getsockname()[1]}", "--timeout=0.2")
        assert (1, "") == (done.returncode, done.stderr)
        assert "was silent for 0.2 s" in done.stdout


class TestUsage:
    """What makes no sense: exit code 2, before anything is asked."""

    @pytest.mark.parametrize(
        ("arguments", "environ", "said"),
        [
            ((), {}, "URL"),
            (("",), {}, "wants a URL like https://"),
            (("ftp://127.0.0.1",), {}, "wants a URL like https://"),
            (("http://127.0.0.1:99999",), {}, "wants a URL like https://"),
            (("http://127.0.0.1/?a=b",), {}, "wants a URL like https://"),
            (("http://127.0.0.1:9", "--timeout=0"), {}, "--timeout wants seconds"),
            (("http://127.0.0.1:9", "--origin=app.example.com"), {}, "an origin is like https://app.example.com"),
            (("http://127.0.0.1:9",), {"SMOKE_ADMIN_EMAIL": "a@example.com"}, "SMOKE_ADMIN_PASSWORD want each other"),
        ],
    )
    def test_it_is_refused(self, arguments: tuple[str, ...], environ: dict[str, str], said: str) -> None:
        """The last line says what is wanted."""
        done = run(*arguments, **environ)
        assert (2, "") == (done.returncode, done.stdout)
        assert said in done.stderr.splitlines()[-1]


class TestStopping:
    """Ctrl-C in the middle."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_it_cleans_up_first(self, deployment: Deployment, number: signal.Signals) -> None:
        """While the coach thinks: what was made is removed, and the exit code says that it was stopped."""
        thinks, goes_on = Event(), Event()

        def breaking(request: Request, answer: Answer) -> None:
            if request.path == "/api/v1/chat/send":
                thinks.set()
                goes_on.wait(60)

        before = deployment.contents()
        with broken(deployment.laptop.url, breaking) as proxy:
            process = subprocess.Popen([*COMMAND, proxy.url], env=environment(), stdout=subprocess.PIPE, text=True)
            try:
                assert thinks.wait(60)
                process.send_signal(number)
                printed = process.communicate(timeout=60)[0]
            finally:
                goes_on.set()
                process.kill()
        assert 128 + number == process.returncode
        assert "2 accounts deleted with all they had, and cannot log in" in printed
        assert "smoke: stopped" == printed.splitlines()[-1]
        assert before == deployment.contents()


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
class TestMake:
    """The verb itself."""

    def test_smoke(self) -> None:
        """`make smoke` becomes the program that is tested here, with the URL and arguments it was given."""
        shown = subprocess.run(
            ["make", "--dry-run", "smoke", "URL=https://api.example.com", "ARGS=--docs"],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"]},
            check=True,
            capture_output=True,
            text=True,
        )
        wanted = r'exec env .*/\.venv/bin/python" -m deployment\.smoke "https://api\.example\.com" --docs'
        assert re.search(wanted, shown.stdout)
