"""An execution environment with its log stream."""

from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import perf_counter, time
from uuid import uuid4

from deployment.children import Children
from rehearsal.functions.configuration import CodeLocations, DeployedFunction
from rehearsal.functions.daemon import Daemon
from rehearsal.functions.errors import RestoreFailed, RestoreTimedOut
from rehearsal.functions.port import Answer, Logs, Traces
from rehearsal.functions.report import Start, end_lines, restore_failure_line, snapshot_line, start_line
from rehearsal.functions.traces import Run, Span, Trace
from rehearsal.runtime import ExecutionEnvironment, InitError, Invocation, RestoreError

_HOOK_FAILED = "Runtime.AfterRestoreError"
_SEE_LOGS = (
    "The afterRestore() runtime hook encountered an error. For more information, check the Amazon CloudWatch logs."
)


class Instance:
    """One environment of one version: starts with its first event, and logs all it does.

    Args:
        traces: receives the segments of sampled events.
        folder: where the process's raw output is kept until it has been handed to `logs`.
        guardian: ends the process should this one die before it can.
    """

    def __init__(
        self,
        deployed: DeployedFunction,
        version: str,
        place: CodeLocations,
        logs: Logs,
        *,
        traces: Traces | None,
        folder: Path,
        guardian: Children,
    ) -> None:
        self.version = version
        self._raw = folder / f"{uuid4().hex}.log"
        function = deployed.at(version, place, self._raw)
        self._daemon = Daemon(traces, function.credentials) if traces and function.credentials else None
        self._function = replace(function, environment={**function.environment, **self._tracing()})
        self._stream = self._function.new_log_stream()
        self._environment = ExecutionEnvironment(self._function, self._stream, guardian)
        self._logs = logs
        self._traces = traces
        self._read_bytes = 0
        self._started = False
        self._stopping = Lock()

    @property
    def alive(self) -> bool:
        """Whether it can serve another event."""
        return self._started and self._environment.alive

    def answer(self, payload: bytes, request_id: str, arn: str, trace: Trace) -> Answer:
        """Run one event; START, the function's own output, END and REPORT are in the log when this returns.

        Raises:
            RestoreFailed, RestoreTimedOut: the environment did not wake from its snapshot.
        """
        cold, began = not self._started, time()
        invocation = self._start(request_id) if cold else None
        written = [*self._printed(), start_line(request_id, self.version)]
        if invocation is None:
            invocation = self._environment.invoke(payload, request_id, arn, trace.header)
            start = Start(self._environment.init_ms, self._environment.restore_ms) if cold else None
            began += start.before_seconds if start else 0.0
        else:
            start = Start(invocation.duration_ms)
        run = Run.of(arn, invocation, Span(began, time()), start, has_started=self._started)
        self._trace(run, trace)
        written += [*self._printed(), *end_lines(invocation, self._function.memory_mb, start)]
        self._log(written)
        error = None if invocation.outcome == "response" else "Unhandled"
        return Answer(invocation.payload, request_id, self.version, error, written, invocation.duration_ms)

    def stop(self) -> None:
        """End the process; what it printed last is still logged."""
        with self._stopping:
            if self._started:
                self._environment.stop()
                self._started = False
            if self._daemon:
                self._daemon.close()
            self._log(self._printed())
            self._raw.unlink(missing_ok=True)

    def _start(self, request_id: str) -> Invocation | None:
        """Start the process; return how it failed to, if it did."""
        started = perf_counter()
        try:
            self._environment.__enter__()
        except InitError as error:
            memory_mb = self._environment.max_memory_mb
            return Invocation("error", error.payload, request_id, (perf_counter() - started) * 1000, memory_mb)
        except RestoreError as error:
            kind = "Sandbox.Timedout" if error.payload is None else _HOOK_FAILED
            self._log([*self._printed(), restore_failure_line(kind)])
            if error.payload is None:
                raise RestoreTimedOut("Lambda couldn't restore the snapshot within the timeout limit.") from error
            raise RestoreFailed(_SEE_LOGS) from error
        if self._function.has_snapshot:
            self._log([*self._printed(), snapshot_line(self._environment.init_ms)])
        self._started = True
        return None

    def _log(self, lines: list[str]) -> None:
        if lines:
            self._logs.write(self._function.log_group, self._stream, lines, self._function.credentials)

    def _printed(self) -> list[str]:
        """Return what the process has printed since the last time."""
        printed = b""
        if self._raw.exists():
            with self._raw.open("rb") as file:
                file.seek(self._read_bytes)
                printed = file.read()
        self._read_bytes += len(printed)
        return printed.decode(errors="replace").splitlines()

    def _tracing(self) -> dict[str, str]:
        return {"AWS_XRAY_DAEMON_ADDRESS": self._daemon.address} if self._daemon else {}

    def _trace(self, run: Run, trace: Trace) -> None:
        if trace.is_sampled and self._traces and self._function.credentials:
            self._traces.send(run.segments(trace), self._function.credentials)
