"""Work that goes on beside the main line, and is waited for."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def in_daemon_thread(work: Callable[[], Result]) -> "Future[Result]":
    """Start `work` in a thread that nobody need wait for: it ends with the process, or with what it waits for."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001  the outermost boundary of the thread: whoever asks is told
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
