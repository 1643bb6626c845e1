"""Events nobody waits for: tried, tried again, and given up to where failures go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from time import monotonic

from rehearsal.functions.configuration import Asynchronous
from rehearsal.functions.errors import FunctionsError, TooManyRequests
from rehearsal.functions.port import Answer, DeadLetters, FailedEvent
from rehearsal.runtime import Credentials

RETRY_DELAYS_SECONDS = (60.0, 120.0)
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""

_FIRST_THROTTLE_SECONDS = 1.0
_LONGEST_THROTTLE_SECONDS = 300.0


@dataclass(frozen=True)
class QueuedEvent:
    """An accepted event: `run` invokes the function with it once more, `sender` are the keys of its role."""

    function_arn: str
    request_id: str
    payload: bytes
    plan: Asynchronous
    sender: Credentials | None
    run: Callable[[], Answer]


class EventQueue:
    """Delivers events in threads of their own; leaving it gives up what waits for a retry, unsent.

    `dropped` is told the function's ARN of each event it gives up otherwise, `undelivered` of each that was not let in
    where it should have gone then.
    """

    def __init__(
        self,
        dead_letters: DeadLetters | None,
        retry_delays_seconds: Sequence[float],
        dropped: Callable[[str], None] = lambda _: None,
        undelivered: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._dead_letters = dead_letters
        self._dropped = dropped
        self._undelivered = undelivered
        self._delays_seconds = retry_delays_seconds
        self._closing = Event()
        self._lock = Lock()
        self._threads: set[Thread] = set()

    def put(self, event: QueuedEvent) -> None:
        """Begin to deliver."""
        thread = Thread(target=self._deliver, args=(event,), daemon=True)
        with self._lock:
            self._threads = {other for other in self._threads if other.is_alive()} | {thread}
            thread.start()

    def join(self) -> None:
        """Return when every event so far has been delivered or given up."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def abandon(self) -> None:
        """Give up, unsent, what waits for a retry; return when what runs is done."""
        self._closing.set()
        self.join()
        self._closing.clear()

    def close(self) -> None:
        """Stop retrying, and wait for what runs."""
        self._closing.set()
        self.join()

    def _deliver(self, event: QueuedEvent) -> None:
        deadline = monotonic() + event.plan.max_age_seconds
        answer: Answer | None = None
        for attempt in range(1, event.plan.retries + 2):
            answer = self._when_there_is_room(event, deadline) or answer
            if answer is None:
                self._give_up(event, "EventAgeExceeded", attempt - 1, None)
                return
            if answer.function_error is None:
                return
            last = attempt > event.plan.retries
            if last or self._closing.wait(self._delay_seconds(attempt)):
                break
        self._give_up(event, "RetriesExhausted", attempt, answer)

    def _delay_seconds(self, attempt: int) -> float:
        return self._delays_seconds[min(attempt, len(self._delays_seconds)) - 1]

    def _when_there_is_room(self, event: QueuedEvent, deadline: float) -> Answer | None:
        """Throttled events go back to the queue, and count as no attempt; otherwise refused ones have no room."""
        pause_seconds = _FIRST_THROTTLE_SECONDS
        while True:
            try:
                return event.run()
            except TooManyRequests:
                pass
            except FunctionsError:  # the function is gone, its image is, or it cannot be restored
                return None
            if monotonic() + pause_seconds > deadline or self._closing.wait(pause_seconds):
                return None
            pause_seconds = min(pause_seconds * 2, _LONGEST_THROTTLE_SECONDS)

    def _give_up(self, event: QueuedEvent, condition: str, attempts: int, answer: Answer | None) -> None:
        if self._closing.is_set():
            return
        self._dropped(event.function_arn)
        if self._dead_letters is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        failed = FailedEvent(
            event.function_arn, event.request_id, event.payload, condition, attempts, now, answer, event.sender
        )
        if event.plan.on_failure and not self._dead_letters.send_record(event.plan.on_failure, failed):
            self._undelivered(event.function_arn)
        if event.plan.dead_letter and not self._dead_letters.send_letter(event.plan.dead_letter, failed):
            self._undelivered(event.function_arn)
