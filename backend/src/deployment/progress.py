"""Shows the steps of a start: alive on a terminal, one line each elsewhere."""

import contextlib
import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

if TYPE_CHECKING:
    from rich.table import Table


class Progress(Protocol):
    """Steps that begin, may overlap, and end; left when everything is up or nothing will be."""

    def begin(self, step: str) -> None:
        """Show that `step` is at work."""

    def note(self, step: str, note: str) -> None:
        """Show how far `step` is."""

    def end(self, step: str, note: str = "") -> None:
        """Show that `step` is done, how long it took, and `note`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def progress(output: TextIO = sys.stdout, clock: Callable[[], float] = monotonic) -> Progress:
    """Return the display that suits `output`."""
    return Board(output, clock) if output.isatty() else Lines(output, clock)


class Lines:
    """One line when a step begins and one when it ends."""

    def __init__(self, output: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._output = output
        self._clock = clock
        self._begun: dict[str, float] = {}

    def begin(self, step: str) -> None:
        """Print that it has begun."""
        self._begun[step] = self._clock()
        say(self._output, f"{step} ...")

    def note(self, step: str, note: str) -> None:
        """Print nothing: a log wants what began and what ended."""

    def end(self, step: str, note: str = "") -> None:
        """Print that it is done."""
        seconds = self._clock() - self._begun[step]
        say(self._output, f"{step}: done in {seconds:.1f} s{f' ({note})' if note else ''}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


class Board:
    """A table that redraws itself: a spinner and a running clock for a step at work, a tick for one that is done."""

    def __init__(self, output: TextIO, clock: Callable[[], float] = monotonic) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner

        self._clock = clock
        self._steps: dict[str, tuple[float, float | None, str]] = {}
        self._spinner = Spinner("dots")
        self._failed = False
        self._live = Live(get_renderable=self._table, console=Console(file=output), refresh_per_second=10)

    def begin(self, step: str) -> None:
        """Add a row."""
        self._steps[step] = (self._clock(), None, "")

    def note(self, step: str, note: str) -> None:
        """Show the note in its row."""
        self._steps[step] = (self._steps[step][0], None, note)

    def end(self, step: str, note: str = "") -> None:
        """Tick its row."""
        self._steps[step] = (self._steps[step][0], self._clock(), note)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._failed = error is not None
        with contextlib.suppress(OSError):  # the terminal may be gone
            self._live.stop()

    def _table(self) -> "Table":
        from rich.markup import escape
        from rich.table import Table

        table = Table.grid(padding=(0, 1))
        for step, (begun, ended, note) in list(self._steps.items()):
            unfinished: Any = "[red]✗[/red]" if self._failed else self._spinner
            mark = unfinished if ended is None else "[green]✓[/green]"
            seconds = (self._clock() if ended is None else ended) - begun
            table.add_row(mark, step, f"[dim]{seconds:.1f} s[/dim]", f"[dim]{escape(note)}[/dim]")
        return table


def say(output: TextIO, text: str) -> None:
    """Print a line at once; a reader that has gone away is no reason to stop."""
    with contextlib.suppress(OSError):
        output.write(text + "\n")
        output.flush()
