"""Throughput of GET /health: one execution environment, and one uvicorn process."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from time import monotonic, perf_counter, sleep

from benchmarks.figures import Sample, Section, ratio
from benchmarks.image_environment import BACKEND, OURS, PLAIN, VARIANTS, event, function
from benchmarks.starts import answered
from rehearsal.runtime import ExecutionEnvironment

_CONNECTIONS = 8
_START_SECONDS = 20.0
_REQUEST = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_APPS = {PLAIN: ("benchmarks.functions.hello:app",), OURS: ("coachwork.main:app_from_environment", "--factory")}
_NOTE = (
    "Requests a second in {seconds:g} s, in turns, medians of {rounds} rounds (lowest to highest). One execution "
    "environment serves one request at a time, as on Lambda; uvicorn is one process with {connections} connections, "
    "its load made on the same machine. Ours writes a log line and metrics for each."
)


def measure(rounds: int, seconds: float) -> Section:
    """Measure both ways; without uvicorn, only the first."""
    served = _under_lambda(rounds, seconds)
    columns, rows = ["function", "Lambda runtime"], [[name, Sample.of(served[name]).shown()] for name in served]
    figures = {"lambda_runtime": {name: Sample.of(values) for name, values in served.items()}}
    if find_spec("uvicorn"):
        web = _under_uvicorn(rounds, seconds)
        columns.append("uvicorn")
        for row in rows:
            row.append(Sample.of(web[row[0]]).shown())
        figures["uvicorn"] = {name: Sample.of(values) for name, values in web.items()}
        rows.append(
            [
                "ours / FastAPI + Mangum",
                f"{ratio(served[OURS], served[PLAIN]):.2f}",
                f"{ratio(web[OURS], web[PLAIN]):.2f}",
            ]
        )
    note = _NOTE.format(seconds=seconds, rounds=rounds, connections=_CONNECTIONS)
    return Section("throughput", "Throughput of GET /health, requests a second", note, columns, rows, figures)


def _under_lambda(rounds: int, seconds: float) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {PLAIN: [], OURS: []}
    with ExitStack() as stack:
        started = {name: stack.enter_context(ExecutionEnvironment(function(VARIANTS[name]))) for name in rates}
        for environment in started.values():
            _invoke_for(environment, min(seconds, 0.5))
        for _ in range(rounds):
            for name, environment in started.items():
                rates[name].append(_invoke_for(environment, seconds))
    return rates


def _invoke_for(environment: ExecutionEnvironment, seconds: float) -> float:
    health = event("GET", "/health")
    served, started = 0, perf_counter()
    while perf_counter() - started < seconds:
        answered(environment.invoke(health))
        served += 1
    return served / (perf_counter() - started)


def _under_uvicorn(rounds: int, seconds: float) -> dict[str, list[float]]:
    with _uvicorn(_APPS[PLAIN]) as plain, _uvicorn(_APPS[OURS]) as ours:
        ports = {PLAIN: plain, OURS: ours}
        for port in ports.values():
            asyncio.run(_load(port, min(seconds, 0.5)))
        rates: dict[str, list[float]] = {name: [] for name in ports}
        for _ in range(rounds):
            for name, port in ports.items():
                rates[name].append(asyncio.run(_load(port, seconds)))
        return rates


async def _load(port: int, seconds: float) -> float:
    deadline = perf_counter() + seconds
    started = perf_counter()
    counts = await asyncio.gather(*(_connection(port, deadline) for _ in range(_CONNECTIONS)))
    return sum(counts) / (perf_counter() - started)


async def _connection(port: int, deadline: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    served = 0
    while perf_counter() < deadline:
        writer.write(_REQUEST)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        await reader.readexactly(int(length))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"uvicorn answered {head[:100]!r}")
        served += 1
    writer.close()
    await writer.wait_closed()
    return served


@contextmanager
def _uvicorn(app: tuple[str, ...]) -> Iterator[int]:
    """Yield the port of a server in this interpreter, which has uvicorn; stop it by its process id."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    options = ("--port", str(port), "--no-access-log", "--log-level", "error", "--lifespan", "off")
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *app, *options],
        cwd=BACKEND,
        env={**function("").environment, "PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = monotonic() + _START_SECONDS
    while monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise RuntimeError("uvicorn did not start")
