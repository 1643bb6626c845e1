"""Traces: what an invocation that X-Ray samples spent its time on, as subsegments of the function's own segment.

Annotations are names, kinds and counts: never an id of a person, a question, or a value of a statement. Of an
invocation that is not sampled nothing is kept and nothing sent.

Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from socket import AF_INET, SOCK_DGRAM, socket
from time import time

Annotations = dict[str, str | int | float | bool]

_HEADER = b'{"format":"json","version":1}\n'


@dataclass(frozen=True)
class _Trace:
    root: str
    parent: str
    daemon: tuple[str, int]


_sampled: _Trace | None = None  # an environment runs one invocation at a time, on whatever threads


def begin_invocation(header: str, daemon: str) -> None:
    """Trace what happens from now on, if the invocation that begins is sampled.

    Args:
        header: what Lambda says of it: `Root=...;Parent=...;Sampled=1`.
        daemon: where X-Ray's daemon listens, `host:port`; without one nothing is traced.
    """
    global _sampled  # noqa: PLW0603  one process, one invocation
    _sampled = _trace(header, daemon) if "Sampled=1" in header else None


def subsegment(name: str, **annotations: str | int | float | bool) -> AbstractContextManager[Annotations]:
    """Measure a block under this name; yields its annotations, to which what is known only later is added."""
    return nullcontext(annotations) if _sampled is None else _measured(_sampled, name, annotations)


@contextmanager
def _measured(trace: _Trace, name: str, annotations: Annotations) -> Iterator[Annotations]:
    started, failed = time(), True
    try:
        yield annotations
        failed = False
    finally:
        document = {
            "name": name,
            "id": secrets.token_hex(8),
            "trace_id": trace.root,
            "parent_id": trace.parent,
            "type": "subsegment",
            "start_time": started,
            "end_time": time(),
            "fault": failed,
            "annotations": annotations,
        }
        with suppress(OSError), socket(AF_INET, SOCK_DGRAM) as sender:  # a trace is never worth an answer
            sender.sendto(_HEADER + json.dumps(document).encode(), trace.daemon)


def _trace(header: str, daemon: str) -> _Trace | None:
    said = dict(part.split("=", 1) for part in header.split(";") if "=" in part)
    host, _, port = daemon.rpartition(":")
    if not (said.get("Root") and said.get("Parent") and host and port.isdecimal()):
        return None
    return _Trace(said["Root"], said["Parent"], (host, int(port)))
