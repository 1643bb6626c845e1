"""A Chroma server of its own: `chroma run`, on a free port of 127.0.0.1, its data in a folder."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

from deployment.children import Children

_START_SECONDS = 30.0


class ChromaServerError(RuntimeError):
    """The server could not be started; the message says why."""


@contextmanager
def running_chroma(folder: Path, guardian: Children | None = None) -> Iterator[str]:
    """Yield the URL of a started server; stop it afterwards, by its process id.

    A `guardian` ends it should this process die before it can.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    command = [
        _executable(),
        "run",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--path",
        str(folder / "data"),
    ]
    with (folder / "chroma.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    if guardian:
        guardian.adopt(process.pid)
    try:
        _wait(process, port, folder / "chroma.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(process)
        if guardian:
            guardian.release(process.pid)


def _executable() -> str:
    beside = Path(sys.executable).with_name("chroma")
    found = str(beside) if beside.exists() else shutil.which("chroma")
    if not found:
        raise ChromaServerError("the package chromadb is not installed, or has no program `chroma`")
    return found


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = monotonic() + _START_SECONDS
    while monotonic() < deadline:
        if process.poll() is not None:
            raise ChromaServerError(f"Chroma stopped at start: {log.read_text(errors='replace')[-500:]}")
        if _answers(port):
            return
        sleep(0.05)
    raise ChromaServerError(f"Chroma did not answer within {_START_SECONDS:.0f} s")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
