"""The pieces of `make run`: its port, its state, its environment, its words."""

import io
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from deployment.progress import Lines
from rehearsal.laptop.environment import Environments
from rehearsal.laptop.errors import AlreadyRunning, PortTaken, StateUnusable
from rehearsal.laptop.instructions import Instructions
from rehearsal.laptop.port import listener
from rehearsal.laptop.state import PROJECT, State

HOLDER = """
    import sys
    from pathlib import Path
    from rehearsal.laptop.state import State

    with State(Path(sys.argv[1])).held() as lock:
        State(Path(sys.argv[1])).note(lock, f"{__import__('os').getpid()} http://127.0.0.1:8000")
        print("held", flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class TestPort:
    """Choosing the port."""

    def test_default(self) -> None:
        """Unasked, it is 8000 or one of the next."""
        with listener({}) as first, listener({}) as second:
            ports = [first.getsockname()[1], second.getsockname()[1]]
        assert 8000 <= ports[0] < ports[1]

    def test_asked_for(self, taken_port: int) -> None:
        """A port asked for by name is served or refused, never replaced."""
        with pytest.raises(PortTaken, match=f"port {taken_port} is taken"):
            listener({"PORT": str(taken_port)})

    def test_any(self) -> None:
        """Zero is any free port."""
        with listener({"PORT": "0"}) as listening:
            assert listening.getsockname()[1] > 0

    @pytest.mark.parametrize("text", ["eighty", "-1", "65536", "8000.0", "٣"])
    def test_no_port(self, text: str) -> None:
        """What is no port is refused by its name."""
        with pytest.raises(PortTaken, match=f"PORT={text} is not a port"):
            listener({"PORT": text})


class TestState:
    """The folder a run keeps everything in."""

    def test_default(self) -> None:
        """It is `.local` in the project; a relative LOCAL_STATE starts there too."""
        assert PROJECT / ".local" == State.of({}).folder
        assert PROJECT / "elsewhere" == State.of({"LOCAL_STATE": "elsewhere"}).folder
        assert Path("/absolute") == State.of({"LOCAL_STATE": "/absolute"}).folder

    def test_two_at_once(self, tmp_path: Path) -> None:
        """The second is refused, told who runs and where; once the first is gone, it may."""
        with subprocess.Popen(
            [sys.executable, "-c", "\n".join(line[4:] for line in HOLDER.splitlines()), str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
        ) as holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            assert b"held\n" == holder.stdout.readline()
            message = f"process {holder.pid} keeps its data there and serves http://127.0.0.1:8000"
            with pytest.raises(AlreadyRunning, match=message), State(tmp_path).held():
                pass
            holder.stdin.close()
        with State(tmp_path).held():
            pass

    def test_no_folder(self, tmp_path: Path) -> None:
        """A state that cannot be made is named in one line."""
        (tmp_path / "file").touch()
        with (
            pytest.raises(StateUnusable, match=r"cannot work in .*/file/state: Not a directory"),
            State(tmp_path / "file" / "state").held(),
        ):
            pass

    def test_full_disk(self, tmp_path: Path) -> None:
        """A disk with too little room is refused before anything is written."""
        state = State(tmp_path, wanted_bytes=10**18)
        with pytest.raises(StateUnusable, match="MB free; 1000000000000 MB are wanted"), state.held():
            pass

    def test_secrets(self, tmp_path: Path) -> None:
        """Each is made once, and its owner's alone."""
        state = State(tmp_path)
        assert state.signing_key() == state.signing_key()
        assert state.signing_key().startswith("-----BEGIN PRIVATE KEY-----")
        assert state.database_password() != state.demo_password()
        assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}


class TestEnvironments:
    """What the parts get to see."""

    def test_own_choices_pass(self, tmp_path: Path) -> None:
        """A key in the shell is used; a database, a cloud account or an environment in it is not."""
        shell = {
            "OPENAI_API_KEY": "sk-own",
            "LOG_LEVEL": "DEBUG",
            "DATABASE_URL": "postgresql://production",
            "AWS_SECRET_ACCESS_KEY": "real",
            "ENVIRONMENT": "production",
            "CHROMA_CLOUD_API_KEY": "real",
        }
        application = Environments(State(tmp_path), shell).application("postgresql://own", "http://aws")
        assert "sk-own" == application["OPENAI_API_KEY"]
        assert "DEBUG" == application["LOG_LEVEL"]
        assert "postgresql://own" == application["DATABASE_URL"]
        assert "laptop" == application["AWS_SECRET_ACCESS_KEY"]
        assert "development" == application["ENVIRONMENT"]
        assert "CHROMA_CLOUD_API_KEY" not in application

    def test_owner_is_for_tools(self, tmp_path: Path) -> None:
        """Only the tools get the login that owns the tables."""
        environments = Environments(State(tmp_path), {})
        assert "MIGRATION_DATABASE_URL" not in environments.application("app", "aws")
        assert "owner" == environments.tool("owner", "app", "aws")["MIGRATION_DATABASE_URL"]


class TestLines:
    """Progress where there is no terminal."""

    def test_plain(self) -> None:
        """One line when a step begins, one when it ends, no control characters."""
        output = io.StringIO()
        with Lines(output, clock=iter([1.0, 3.5]).__next__) as lines:
            lines.begin("Postgres 18")
            lines.end("Postgres 18", "port 5432")
        assert "Postgres 18 ...\nPostgres 18: done in 2.5 s (port 5432)\n" == output.getvalue()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to paste into")
class TestInvitation:
    """The words at the end of a start, and the three commands in them."""

    def test_carry_the_token(self, tmp_path: Path) -> None:
        """Pasted into a shell, the first keeps the token and the others send it, with JSON bodies."""
        received: list[tuple[str, str | None, object]] = []

        class Api(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                received.append((self.path, self.headers["Authorization"], body))
                answer = b'{"access_token":"abc.def-_","refresh_token":"other","user":{}}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's signature
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
            Thread(target=server.serve_forever).start()
            url = f"http://127.0.0.1:{server.server_port}"
            words = Instructions(url, "s3-cret_", "offline", tmp_path, tmp_path / "postgres" / "data")
            try:
                subprocess.run(
                    ["/bin/sh", "-euc", str(words).partition("coach.\n")[2]], check=True, capture_output=True
                )
            finally:
                server.shutdown()
        paths = ["/api/v1/users/login", "/api/v1/workouts-db/logs", "/api/v1/chat/send"]
        assert paths == [path for path, _, _ in received]
        assert [None, "Bearer abc.def-_", "Bearer abc.def-_"] == [token for _, token, _ in received]
        assert {"email": "demo@example.com", "password": "s3-cret_"} == received[0][2]

    def test_database_elsewhere(self, tmp_path: Path) -> None:
        """It says where the database lies when that is not in the state's folder."""
        words = str(Instructions("http://x", "p", "offline", tmp_path, Path("/var/lib/coachwork/pg/data")))
        assert "its database in /var/lib/coachwork/pg\n" in words
