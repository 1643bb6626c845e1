"""The parser's process as its parent sees it: started, listened to for so long, and always reaped."""

import select
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from os import pathsep, read
from pathlib import Path
from time import monotonic
from typing import IO

from coachwork.chassis.pdf.errors import Reason, UnreadablePdf
from coachwork.chassis.pdf_parser import frames

_START = (
    f"import sys; sys.path = sys.argv[1].split({pathsep!r});"
    "from coachwork.chassis.pdf_parser.__main__ import main; main(sys.argv[2:])"
)
_BINDINGS = "pypdfium2_raw"
_LIBRARIES = ("libpdfium.so", "libpdfium.dylib", "pdfium.dll")
_ENVIRONMENT = {"LD_LIBRARY_PATH": sysconfig.get_config_var("LIBDIR") or ""}
"""Where an interpreter may have a library of its own, as Lambda's does."""
_AT_ONCE_BYTES = 65_536
_REASONS: Mapping[int, Reason] = {
    -signal.SIGABRT: "too-much-memory",  # how PDFium ends when it is given none
    -signal.SIGKILL: "too-much-memory",  # how the system ends whoever takes too much of it
    -signal.SIGXCPU: "too-slow",
}


class Child:
    """A parser at work.

    Args:
        seconds: how long it may be waited for, in all; what its pages' reader does meanwhile does not count.
        max_payload_bytes: of a frame; a longer one is not believed.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float, max_payload_bytes: int) -> None:
        assert process.stdout is not None  # noqa: S101  it was asked for
        self._process = process
        self._output = process.stdout
        self._left_seconds = seconds
        self._max_payload_bytes = max_payload_bytes
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN)
        self._buffer = bytearray()
        self._is_ready = False

    def frames(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield kind and payload of each frame until the last.

        Raises:
            UnreadablePdf: it died, took too long, or wrote what it should not.
        """
        kind = frames.READY
        while kind != frames.END:
            kind, length = frames.HEAD.unpack(self._take(frames.HEAD.size))
            if length > self._max_payload_bytes:
                raise UnreadablePdf("broken")
            payload = self._take(length)
            if kind == frames.READY:
                self._is_ready = True
            else:
                yield kind, payload

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._buffer += self._more()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _more(self) -> bytes:
        started = monotonic()
        is_there = self._poll.poll(max(0.0, self._left_seconds) * 1000)
        self._left_seconds -= monotonic() - started
        if not is_there:
            raise UnreadablePdf("too-slow")
        return read(self._output.fileno(), _AT_ONCE_BYTES) or self._ended()

    def _ended(self) -> bytes:
        status = self._process.wait()
        if not self._is_ready:
            raise RuntimeError(f"The parser of PDFs does not start: it ended with {status}")
        raise UnreadablePdf(_REASONS.get(status, "broken"))


@contextmanager
def started(file: IO[bytes], asked: Mapping[str, int], seconds: float, max_payload_bytes: int) -> Iterator[Child]:
    """Yield a parser that reads `file`; it is gone afterwards, whatever happened.

    It inherits nothing but the path of imports: none of this process's secrets is in its environment.
    """
    asks = [f"{name}={value}" for name, value in asked.items()]
    process = subprocess.Popen(  # noqa: S603  our own interpreter, and no word of it from outside
        [sys.executable, "-I", "-S", "-c", _START, pathsep.join(sys.path), _library(), *asks],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
    )
    try:
        yield Child(process, seconds, max_payload_bytes)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@cache
def _library() -> str:
    """Return where PDFium's library is: beside the bindings, which need not be imported for that."""
    found = find_spec(_BINDINGS)
    if found is None or found.origin is None:
        raise RuntimeError(f"{_BINDINGS} is not installed")
    paths = (Path(found.origin).parent / name for name in _LIBRARIES)
    return str(next(path for path in paths if path.exists()))
