"""One execution environment: one process of AWS's own runtime client, started, invoked and killed as on AWS.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import json
import os
import secrets
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty
from threading import Event, Thread
from time import perf_counter, time
from types import TracebackType
from typing import Literal, Self
from uuid import uuid4

from deployment.children import Children
from rehearsal.runtime.api import Kind, Message, RuntimeApi, Work
from rehearsal.runtime.function import Function
from rehearsal.runtime.memory import MemoryLimit
from rehearsal.runtime.sockets import connections

_END_SECONDS = 5.0
# Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
_SNAPSHOT_INIT_SECONDS = 130.0
_RESTORE_SECONDS = 10.0


@dataclass(frozen=True)
class Invocation:
    """How one invocation ended; `payload` is the handler's own for a `response`, else an error in JSON."""

    outcome: Literal["response", "error", "timeout", "exit"]
    payload: bytes
    request_id: str
    duration_ms: float
    max_memory_mb: float


class InitError(RuntimeError):
    """The function did not reach its first poll; `payload` is the error it reported, or Lambda's own."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class RestoreError(RuntimeError):
    """The copy of a snapshot did not wake; `payload` is the error it reported, None when it said nothing in time."""

    def __init__(self, payload: bytes | None) -> None:
        super().__init__("it took too long" if payload is None else payload.decode(errors="replace"))
        self.payload = payload


class ExecutionEnvironment:
    """A process that serves one invocation at a time; a context manager that leaves nothing running.

    With a snapshot, the one process is stopped where Lambda would take it, and goes on as the only copy: nothing here
    can copy a running process. What two copies would share is not shown by this.

    Args:
        guardian: ends the process should this one die before it can.
    """

    def __init__(self, function: Function, log_stream: str | None = None, guardian: Children | None = None) -> None:
        self._function = function
        self._guardian = guardian
        self._log_stream = log_stream or function.new_log_stream()
        self._api = RuntimeApi(function.credentials.container() if function.credentials else None)
        self._process: subprocess.Popen[bytes] | None = None
        self._memory: MemoryLimit | None = None
        self.init_ms = 0.0
        self.restore_ms: float | None = None
        self.snapshot_connections = 0

    def __enter__(self) -> Self:
        """Start it, or go on from its snapshot.

        Raises:
            InitError: the handler could not be loaded, the process ended, or took longer than Lambda waits.
            RestoreError: what it does after it is restored failed, or took longer than Lambda waits.
        """
        if self._process is None:
            self.start()
        if self._function.has_snapshot:
            self._restore()
        return self

    def start(self) -> None:
        """Start it up to where it waits for its first event, or for its snapshot to be taken.

        Raises:
            InitError: it did not get there.
        """
        self._api.start()
        started = perf_counter()
        self._process = self._spawn()
        try:
            self._require_ready(message := self._wait(started + self._init_seconds))
        except InitError:
            self.stop()
            raise
        self.init_ms = (message.at_seconds - started) * 1000 if message else 0.0
        if self._function.has_snapshot:
            self.snapshot_connections = connections(self._process.pid, [self._api.port])

    def _restore(self) -> None:
        started = perf_counter()
        self._api.restore()
        message = self._wait(started + _RESTORE_SECONDS)
        self.restore_ms = (perf_counter() - started) * 1000
        if message is None or message.kind is not Kind.NEXT:
            exited = message is not None and message.kind is Kind.EXIT
            reason = self._exit_error() if exited else None
            self.stop()
            raise RestoreError(reason or (message.payload if message else None))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _init_seconds(self) -> float:
        longest = _SNAPSHOT_INIT_SECONDS if self._function.has_snapshot else 0.0
        return max(self._function.init_timeout_seconds, longest)

    @property
    def alive(self) -> bool:
        """Whether it can serve another invocation."""
        return self._process is not None and self._process.poll() is None

    @property
    def max_memory_mb(self) -> float:
        """The process's peak resident memory in MB; 0 before it is started, or where there is no /proc."""
        return self._memory.peak_mb if self._memory else 0.0

    def invoke(
        self, payload: bytes, request_id: str | None = None, arn: str | None = None, trace: str | None = None
    ) -> Invocation:
        """Run the handler on one event, and return when the environment has asked for the next one.

        The handler sees `arn` as the one that was invoked, None being the unqualified ARN, and `trace` as the header
        of its trace, None being one that nobody samples.

        The duration is from the event's hand-over to the response's arrival. After a timeout or an exit the
        environment is dead, as on Lambda.
        """
        if not self.alive:
            raise RuntimeError("this environment has ended; start a new one")
        request_id = request_id or str(uuid4())
        started = perf_counter()
        deadline = started + self._function.timeout_seconds
        self._api.give(Work(payload, self._headers(request_id, arn, trace)))
        message = self._wait(deadline)
        invocation = self._conclude(request_id, started, message)
        if message is not None and message.kind is not Kind.EXIT and self._wait(deadline) is None:
            self._kill()
        return invocation

    def stop(self) -> None:
        """End the process and whatever it started, and stop the API."""
        self._kill()
        self._api.stop()

    def _spawn(self) -> subprocess.Popen[bytes]:
        log = self._function.log.open("ab") if self._function.log else None
        process = subprocess.Popen(
            [
                str(self._function.python),
                "-m",
                "awslambdaric",
                self._function.handler,
            ],
            cwd=self._function.code,
            env=self._function.variables(self._api.address, self._log_stream, self._api.credentials_token),
            stdin=subprocess.DEVNULL,
            stdout=log or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if log:
            log.close()
        if self._guardian:
            self._guardian.adopt(process.pid)
        self._memory, ended = MemoryLimit(process, self._function.memory_mb), Event()
        Thread(target=self._memory.enforce, args=(ended,), daemon=True).start()
        Thread(target=self._watch, args=(process, ended), daemon=True).start()
        return process

    def _watch(self, process: subprocess.Popen[bytes], ended: Event) -> None:
        process.wait()
        ended.set()
        self._api.messages.put(Message(Kind.EXIT))

    def _wait(self, deadline_seconds: float) -> Message | None:
        try:
            return self._api.messages.get(timeout=max(0.0, deadline_seconds - perf_counter()))
        except Empty:
            return None

    def _require_ready(self, message: Message | None) -> None:
        if message is None:
            raise InitError(_error("Sandbox.Timedout", f"Init took over {self._init_seconds:g} s"))
        if message.kind is Kind.INIT_ERROR:
            raise InitError(message.payload)
        if message.kind is Kind.EXIT:
            raise InitError(self._exit_error())

    def _conclude(self, request_id: str, started: float, message: Message | None) -> Invocation:
        memory_mb = self.max_memory_mb
        ended = message.at_seconds if message else perf_counter()
        outcome: Literal["response", "error", "timeout", "exit"] = "response"
        if message is None:
            limit = f"Task timed out after {self._function.timeout_seconds:.2f} seconds"
            outcome, payload = (
                "timeout",
                _error("Sandbox.Timedout", f"RequestId: {request_id} Error: {limit}"),
            )
            self._kill()
        elif message.kind is Kind.EXIT:
            outcome, payload = "exit", self._exit_error(f"RequestId: {request_id} Error: ")
        else:
            outcome = "response" if message.kind is Kind.RESPONSE else "error"
            payload = message.payload
        return Invocation(outcome, payload, request_id, (ended - started) * 1000, memory_mb)

    def _kill(self) -> None:
        """Kill the whole session: what the function started must not outlive it."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_END_SECONDS)
        if self._guardian:
            self._guardian.release(self._process.pid)

    def _exit_error(self, before: str = "") -> bytes:
        status = self._process.wait() if self._process else 0
        how = f"with error: exit status {status}" if status else "without providing a reason"
        if status < 0:
            how = f"with error: signal: {(signal.strsignal(-status) or str(-status)).lower()}"
        kind = "Runtime.OutOfMemory" if self._memory and self._memory.is_exceeded else "Runtime.ExitError"
        return _error(kind, f"{before}Runtime exited {how}")

    def _headers(self, request_id: str, arn: str | None, trace: str | None) -> dict[str, str]:
        root = f"1-{int(time()):08x}-{secrets.token_hex(12)}"
        return {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time() + self._function.timeout_seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": arn or self._function.arn,
            "Lambda-Runtime-Trace-Id": trace or f"Root={root};Parent={secrets.token_hex(8)};Sampled=0",
        }


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()
