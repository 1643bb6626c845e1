"""One execution environment: one process of AWS's own runtime client, started, invoked and killed as on AWS.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import json
import os
import secrets
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from threading import Thread
from time import perf_counter, time
from types import TracebackType
from typing import Literal, Self
from uuid import uuid4

from rehearsal.runtime.api import Kind, Message, RuntimeApi, Work

_ACCOUNT = "123456789012"
_END_SECONDS = 5.0


@dataclass(frozen=True)
class Function:
    """A function's configuration, as a deployment would fix it.

    Args:
        handler: `module.name`, as the image's CMD has it.
        python: the interpreter of an environment that has the image's packages.
        code: the folder the handler's module lies in; becomes the working directory.
        environment: the function's own variables; nothing of ours is inherited.
        log: receives standard output and error; thrown away when None.
    """

    handler: str
    python: Path
    code: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = "rehearsal"
    region: str = "us-east-1"
    memory_mb: int = 1024
    timeout_seconds: float = 30.0
    init_timeout_seconds: float = 10.0
    log: Path | None = None

    @property
    def arn(self) -> str:
        """The unqualified ARN."""
        return f"arn:aws:lambda:{self.region}:{_ACCOUNT}:function:{self.name}"

    def variables(self, runtime_api: str) -> dict[str, str]:
        """Return the process's whole environment; Lambda's reserved names win over the function's own.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        """
        return {
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "TZ": ":UTC",
            **self.environment,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"[$LATEST]{secrets.token_hex(16)}",
            "AWS_LAMBDA_RUNTIME_API": runtime_api,
            "AWS_REGION": self.region,
            "LAMBDA_TASK_ROOT": str(self.code),
            "_HANDLER": self.handler,
        }


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


class ExecutionEnvironment:
    """A process that serves one invocation at a time; a context manager that leaves nothing running."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._api = RuntimeApi()
        self._process: subprocess.Popen[bytes] | None = None
        self.init_ms = 0.0

    def __enter__(self) -> Self:
        """Start it.

        Raises:
            InitError: the handler could not be loaded, the process ended, or took longer than Lambda waits.
        """
        self._api.start()
        started = perf_counter()
        self._process = self._spawn()
        try:
            message = self._wait(started + self._function.init_timeout_seconds)
            self._require_ready(message)
        except InitError:
            self.stop()
            raise
        self.init_ms = (message.at_seconds - started) * 1000 if message else 0.0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def alive(self) -> bool:
        """Whether it can serve another invocation."""
        return self._process is not None and self._process.poll() is None

    @property
    def max_memory_mb(self) -> float:
        """The process's peak resident memory in MB; 0 once it has ended, or where there is no /proc."""
        status = Path(f"/proc/{self._process.pid}/status") if self._process else Path()
        try:
            lines = status.read_text().splitlines()
        except OSError:
            return 0.0
        peak = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
        return peak[0] / 1024 if peak else 0.0

    def invoke(self, payload: bytes, request_id: str | None = None) -> Invocation:
        """Run the handler on one event, and return when the environment has asked for the next one.

        The duration is from the event's hand-over to the response's arrival. After a timeout or an exit the
        environment is dead, as on Lambda.
        """
        if not self.alive:
            raise RuntimeError("this environment has ended; start a new one")
        request_id = request_id or str(uuid4())
        started = perf_counter()
        deadline = started + self._function.timeout_seconds
        self._api.give(Work(payload, self._headers(request_id)))
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
            [str(self._function.python), "-m", "awslambdaric", self._function.handler],
            cwd=self._function.code,
            env=self._function.variables(self._api.address),
            stdin=subprocess.DEVNULL,
            stdout=log or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if log:
            log.close()
        Thread(target=self._watch, args=(process,), daemon=True).start()
        return process

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._api.messages.put(Message(Kind.EXIT))

    def _wait(self, deadline_seconds: float) -> Message | None:
        try:
            return self._api.messages.get(timeout=max(0.0, deadline_seconds - perf_counter()))
        except Empty:
            return None

    def _require_ready(self, message: Message | None) -> None:
        if message is None:
            raise InitError(_error("Sandbox.Timedout", f"Init took over {self._function.init_timeout_seconds:g} s"))
        if message.kind is Kind.INIT_ERROR:
            raise InitError(message.payload)
        if message.kind is Kind.EXIT:
            raise InitError(_error("Runtime.ExitError", f"Runtime exited {self._exit_status()}"))

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
            reason = f"RequestId: {request_id} Error: Runtime exited {self._exit_status()}"
            outcome, payload = "exit", _error("Runtime.ExitError", reason)
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

    def _exit_status(self) -> str:
        status = self._process.wait() if self._process else 0
        if status < 0:
            return f"with error: signal: {signal.Signals(-status).name}"
        return f"with error: exit status {status}" if status else "without providing a reason"

    def _headers(self, request_id: str) -> dict[str, str]:
        root = f"1-{int(time()):08x}-{secrets.token_hex(12)}"
        return {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time() + self._function.timeout_seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._function.arn,
            "Lambda-Runtime-Trace-Id": f"Root={root};Parent={secrets.token_hex(8)};Sampled=0",
        }


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()
