"""The knowledge service on real engines, with a clock and a queue that tests move."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.pdfs import pdf

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import TasksUnavailable
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.port import Invocation, Task
from coachwork.services.knowledge.domain.documents import Document, original_key
from coachwork.services.knowledge.schemas.documents import PdfFields, PdfRequest
from coachwork.services.knowledge.service.ingestion import ingest
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.uploads import announce, arrived, receive

PAGES = ("Boilers want water. Check the pressure once a month.", "Bleed the radiators first. Then close the valve.")
FILE = pdf(PAGES)


class Killed(BaseException):
    """The process ended here: nothing that catches exceptions catches this."""


class Fate:
    """Ends the process before the nth call of a port, which is after the one before; never, by default."""

    def __init__(self, moment: int = 0) -> None:
        self._left = moment

    def pass_by(self) -> None:
        """Let a moment pass."""
        self._left -= 1
        if self._left == 0:
            raise Killed


class Mortal:
    """A port whose every call is a moment at which the process may end."""

    def __init__(self, port: Any, fate: Fate) -> None:
        self._port = port
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            self._fate.pass_by()
            return found(*args, **named)

        return call


class Failing:
    """A port whose methods of these names raise, after the first `spared` calls, for so many `times`."""

    def __init__(self, port: Any, failure: Exception, *names: str, spared: int = 0, times: int = 10**9) -> None:
        self._port = port
        self._failure = failure
        self._names = names
        self._calls = range(spared, spared + times)
        self._called = 0

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            self._called += 1
            if self._called - 1 in self._calls:
                raise self._failure
        return getattr(self._port, name)


class Before:
    """A port before whose first call of a method of this name, or before each, something else happens."""

    def __init__(self, port: Any, name: str, happens: Callable[[], object], *, each: bool = False) -> None:
        self._port = port
        self._name = name
        self._happens = happens
        self._is_due, self._each = True, each

    def __getattr__(self, name: str) -> Any:
        if name == self._name and self._is_due:
            self._is_due = self._each
            self._happens()
        return getattr(self._port, name)


class ManualTasks:
    """Holds tasks until a test has them done; refuses them where `is_open` is false."""

    longest_wait_seconds = 300.0

    def __init__(self) -> None:
        self.held: list[Task] = []
        self.is_open = True

    def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
        """Hold a task."""
        if not self.is_open:
            raise TasksUnavailable
        self.held.append(task)


@dataclass
class KnowledgeHarness:
    """An owner of documents, and what a test does to the world around them."""

    resources: Resources
    owner_id: UUID = field(default_factory=uuid4)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    tasks: ManualTasks = field(default_factory=ManualTasks)

    def owner(self, resources: Resources | None = None, seconds: float | None = None) -> Owner:
        """Return the owner, in these resources or others, in an invocation of so many seconds or in none."""
        deadline = None if seconds is None else Deadline(seconds)
        held = replace(resources or self.resources, tasks=lambda: self.tasks)
        return Owner(held, self.owner_id, Invocation("arn:aws:lambda", deadline), lambda: self.now)

    def receive(self, content: bytes = FILE, name: str = "boiler.pdf", **fields: Any) -> Document:
        """Send a file, and return its document, which is queued."""
        return receive(self.owner(), content, name, PdfFields(**fields))

    def announce(self, content: bytes = FILE, **fields: Any) -> Document:
        """Announce a file, and return its document, which waits for it."""
        wanted = {"name": "boiler.pdf", "size_bytes": len(content), **fields}
        return announce(self.owner(), PdfRequest(**wanted)).document

    def put(self, document: Document, content: bytes = FILE) -> None:
        """Upload a document's file, as if by its form."""
        self.owner().originals.write(original_key(self.owner_id, document.id), content, "application/pdf")

    def work(self, owner: Owner | None = None) -> None:
        """Do the tasks that are held, and those that they start."""
        while self.tasks.held:
            task = self.tasks.held.pop(0)
            ingest(owner or self.owner(), task.subject_id)

    def indexed(self, content: bytes = FILE, **fields: Any) -> Document:
        """Send a file, ingest it, and return its document."""
        document = self.receive(content, **fields)
        self.work()
        return self.read(document)

    def read(self, document: Document) -> Document:
        """Return a document as it is now."""
        found = self.owner().documents.get(self.owner_id, document.id)
        assert found is not None
        return found

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)

    def vectors(self) -> list[str]:
        """Return the ids of the owner's vectors."""
        return self.owner().index.ids({"owner_id": str(self.owner_id)})

    def objects(self) -> list[str]:
        """Return the keys of the owner's objects."""
        return [
            blob.key
            for folder in ("originals", "chunks")
            for blob in self.owner().originals.page(f"{folder}/{self.owner_id}/", limit=1_000).blobs
        ]

    def rows(self) -> list[str]:
        """Return the sort keys of the owner's rows, but of the tally."""
        page = self.resources.tables("documents").query(f"OWNER#{self.owner_id}", limit=1_000)
        return [one.key.sort for one in page.documents if one.key.sort != "TALLY"]

    def mortal(self, fate: Fate) -> Resources:
        """Return the resources with ports of which each call is a moment."""
        own = self.resources
        return replace(
            own,
            tables=lambda purpose: Mortal(own.tables(purpose), fate),
            blobs=lambda purpose: Mortal(own.blobs(purpose), fate),
            vector_index=lambda name: Mortal(own.vector_index(name), fate),
            embedder=lambda: Mortal(own.embedder(), fate),
        )

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Let the process end in here."""
        try:
            yield
        except Killed:
            return


def is_whole(harness: KnowledgeHarness, document: Document) -> bool:
    """Whether exactly the vectors and the chunks of its generation are there."""
    chunks = harness.owner().chunks.read(harness.owner_id, document.id, document.generation)
    wanted = sorted(f"{document.id}:{document.generation}:{chunk.number}" for chunk in chunks or ())
    return bool(chunks) and len(wanted) == document.chunks and wanted == harness.vectors()


def arrive(harness: KnowledgeHarness, document: Document) -> None:
    """Tell that a document's file arrived, as the object store does."""
    arrived(harness.owner().resources, original_key(harness.owner_id, document.id), Invocation())
