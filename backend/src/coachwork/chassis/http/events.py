"""Server-sent events: what a thread tells is written as it comes, with a comment now and then to keep the line open.

Through API Gateway and Mangum it arrives whole, and is as valid.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from collections.abc import Callable, Mapping
from itertools import count
from threading import Event

import anyio
import anyio.from_thread
import anyio.to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.http.problems import problem_of
from coachwork.chassis.observability.logs import logger

MEDIA_TYPE = "text/event-stream"
_HEARTBEAT_SECONDS = 10.0
_HEARTBEAT = b": still here\n\n"


class Listeners:
    """Where a thread tells its events; safe to call from that thread alone.

    Args:
        name: begins each event's id: NAME/1, NAME/2 and so on.
    """

    def __init__(self, name: str, channel: MemoryObjectSendStream[bytes]) -> None:
        self._name = name
        self._channel = channel
        self._numbers = count(1)
        self._gone = Event()

    @property
    def are_gone(self) -> bool:
        """Whether the client has hung up."""
        return self._gone.is_set()

    def tell(self, event: str, data: BaseModel) -> None:
        """Send an event; nobody hears it when the client has hung up."""
        lines = f"id: {self._name}/{next(self._numbers)}\nevent: {event}\ndata: {data.model_dump_json()}\n\n"
        try:
            anyio.from_thread.run_sync(self._channel.send_nowait, lines.encode())
        except anyio.BrokenResourceError:  # the server broke the response off
            self.hang_up()

    def hang_up(self) -> None:
        """Know that the client is gone."""
        self._gone.set()


class EventStream(Response):
    """A response whose events `produce` tells, called in a thread; a failure of it is the event `error`, a problem.

    Args:
        name: what the events are about; begins their ids.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        name: str,
        produce: Callable[[Listeners], None],
        headers: Mapping[str, str] | None = None,
        *,
        heartbeat_seconds: float = _HEARTBEAT_SECONDS,
    ) -> None:
        self.status_code = 200
        self.background = None
        self._name = name
        self._produce = produce
        self._heartbeat_seconds = heartbeat_seconds
        # a proxy that collects an answer before it passes it on would defeat the purpose
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the events until there are no more; whoever produces them is told when the client hangs up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        channel, events = anyio.create_memory_object_stream[bytes](float("inf"))
        listeners = Listeners(self._name, channel)
        async with anyio.create_task_group() as group:
            group.start_soon(_watch, receive, listeners)
            group.start_soon(self._work, listeners, channel, str(scope["state"]["request_id"]))
            await self._write(events, listeners, send)
            group.cancel_scope.cancel()
        if not listeners.are_gone:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, events: MemoryObjectReceiveStream[bytes], listeners: Listeners, send: Send) -> None:
        with events:
            while True:
                lines = _HEARTBEAT
                try:
                    with anyio.move_on_after(self._heartbeat_seconds):
                        lines = await events.receive()
                except anyio.EndOfStream:
                    return
                if not listeners.are_gone:
                    await send({"type": "http.response.body", "body": lines, "more_body": True})

    async def _work(self, listeners: Listeners, channel: MemoryObjectSendStream[bytes], request_id: str) -> None:
        with channel:
            await anyio.to_thread.run_sync(self._produced, listeners, request_id)

    def _produced(self, listeners: Listeners, request_id: str) -> None:
        try:
            self._produce(listeners)
        except CoachworkError as error:
            listeners.tell("error", problem_of(request_id, error))
        except Exception:  # noqa: BLE001  the outermost boundary: the status is long sent, so nobody outside can tell
            logger.exception("unexpected failure", request_id=request_id)
            listeners.tell("error", problem_of(request_id, CoachworkError()))


async def _watch(receive: Receive, listeners: Listeners) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listeners.hang_up()
