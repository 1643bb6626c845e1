"""What may become of a document, and what it claims on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.services.knowledge.makers import LATER, NOW, digest, document, indexed

from coachwork.chassis.errors import CoachworkError
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.documents import (
    STATES,
    Chunking,
    Document,
    claim_of,
    original_key,
    original_of,
    stats_of,
)
from coachwork.services.knowledge.errors import (
    DocumentNotFound,
    IngestionStopped,
    IngestionUnderWay,
    NothingToCancel,
    NothingToRetry,
    NotIndexed,
)
from coachwork.services.knowledge.schemas.states import State

REASON = {"type": "urn:coachwork:problem:not-a-pdf"}
STEPS: dict[str, tuple[Callable[[Document], Document], dict[State, State], type[CoachworkError] | None]] = {
    "arrived": (
        lambda one: ingestion.arrived(one, NOW, LATER),
        {"awaiting_upload": "queued", **{state: state for state in STATES if state != "awaiting_upload"}},
        None,
    ),
    "taken": (lambda one: ingestion.taken(one, NOW, LATER), {"queued": "parsing"}, IngestionStopped),
    "parsed": (
        lambda one: ingestion.parsed(one, one.attempt, NOW, LATER, pages=2, chunks=3),
        {"parsing": "embedding", "embedding": "embedding"},
        IngestionStopped,
    ),
    "handed over": (
        lambda one: ingestion.handed_over(one, one.attempt, NOW, LATER),
        {"parsing": "queued", "embedding": "queued"},
        IngestionStopped,
    ),
    "indexed": (
        lambda one: ingestion.indexed(one, one.attempt, NOW),
        {"parsing": "indexed", "embedding": "indexed"},
        IngestionStopped,
    ),
    "failed": (
        lambda one: ingestion.failed(one, one.attempt, REASON, NOW),
        {"queued": "failed", "parsing": "failed", "embedding": "failed"},
        IngestionStopped,
    ),
    "refused": (lambda one: ingestion.refused(one, REASON, NOW), {"awaiting_upload": "failed"}, IngestionStopped),
    "cancelled": (
        lambda one: ingestion.cancelled(one, NOW),
        dict.fromkeys(("awaiting_upload", "queued", "parsing", "embedding"), "cancelled"),
        NothingToCancel,
    ),
    "retried": (
        lambda one: ingestion.retried(one, NOW, LATER),
        {"failed": "queued", "cancelled": "queued"},
        NothingToRetry,
    ),
}


def held(**fields: object) -> Document:
    """Return a document that an attempt has, or whatever the fields say."""
    return document(**{"state": "parsing", "attempt": 3, "due_at": LATER, **fields})


class TestSteps:
    """Each step from each state."""

    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("step", STEPS)
    def test_where_it_leads(self, step: str, state: State) -> None:
        """It leads where it should, or is refused for what it is."""
        move, leads, refusal = STEPS[step]
        before = document(state=state, attempt=3, due_at=LATER)
        if state in leads:
            assert leads[state] == move(before).state
        else:
            assert refusal is not None
            with pytest.raises(refusal):
                move(before)

    @pytest.mark.parametrize("step", [one for one in STEPS if one != "arrived"])
    def test_a_change_is_a_new_version(self, step: str) -> None:
        """Whatever the owner sees differently has another ETag."""
        move, leads, _ = STEPS[step]
        before = document(state=next(iter(leads)), attempt=3, due_at=LATER)
        assert before.version + 1 == move(before).version

    @pytest.mark.parametrize("step", [one for one in STEPS if one != "refused"])
    def test_what_is_being_removed_stays_hidden(self, step: str) -> None:
        """No step brings a deleted document back."""
        move, leads, _ = STEPS[step]
        with pytest.raises((DocumentNotFound, IngestionStopped)):
            move(document(state=next(iter(leads)), is_removed=True, due_at=LATER))


class TestTaking:
    """Who may ingest it."""

    def test_one_that_somebody_has(self) -> None:
        """An attempt that lives keeps it."""
        with pytest.raises(IngestionStopped):
            ingestion.taken(held(), NOW, LATER)

    @pytest.mark.parametrize("state", ["parsing", "embedding"])
    def test_one_whose_worker_is_gone(self, state: State) -> None:
        """After its time it is another's, who goes on building the same generation."""
        after = ingestion.taken(held(state=state, due_at=NOW - timedelta(seconds=1)), NOW, LATER)
        assert ("parsing", 4, 1, LATER) == (after.state, after.attempt, after.building, after.due_at)

    def test_an_older_attempt_is_refused(self) -> None:
        """Whoever lost it can store nothing any more, not even that it failed."""
        for step in (
            lambda: ingestion.progressed(held(), 2, NOW, LATER, pages_done=1),
            lambda: ingestion.identified(held(), 2, digest("a"), NOW),
            lambda: ingestion.indexed(held(), 2, NOW),
            lambda: ingestion.failed(held(), 2, REASON, NOW),
        ):
            with pytest.raises(IngestionStopped):
                step()

    def test_progress_is_no_new_version(self) -> None:
        """An owner who edits meanwhile is not refused for it."""
        after = ingestion.progressed(held(), 3, NOW, LATER, pages_done=7)
        assert (held().version, 7) == (after.version, after.pages_done)


class TestAbandoned:
    """A document whose worker vanished."""

    def test_after_its_time(self) -> None:
        """It has failed, and says why."""
        late = LATER + timedelta(seconds=1)
        after = ingestion.abandoned(held(), REASON, late)
        assert ("failed", REASON) == (after.state, after.reason)

    def test_before(self) -> None:
        """It is left alone."""
        assert held().state == ingestion.abandoned(held(), REASON, NOW).state


class TestCutAnew:
    """A document that is searched while it is cut again."""

    def test_it_stays_searched(self) -> None:
        """Until the new chunks are whole, the old ones are found."""
        before = indexed()
        after = ingestion.rechunked(before, Chunking(500, 0), NOW, LATER)
        assert (True, 1, 2) == (after.is_searched, after.generation, after.building)

    def test_success(self) -> None:
        """Then the new ones are, and nothing else."""
        before = ingestion.rechunked(indexed(), Chunking(500, 0), NOW, LATER)
        working = ingestion.taken(before, NOW, LATER)
        after = ingestion.indexed(ingestion.parsed(working, 1, NOW, LATER, pages=2, chunks=9), working.attempt, NOW)
        assert ("indexed", 2, 9) == (after.state, after.generation, after.chunks)

    @pytest.mark.parametrize("ends", ["failed", "cancelled", "abandoned"])
    def test_failure(self, ends: str) -> None:
        """It is as it was, and keeps its hash; a failure is told."""
        before = indexed(sha256=digest("a"))
        working = ingestion.taken(ingestion.rechunked(before, Chunking(), NOW, LATER), NOW, LATER)
        late = LATER + timedelta(seconds=1)
        after = {
            "failed": lambda: ingestion.failed(working, 1, REASON, NOW),
            "cancelled": lambda: ingestion.cancelled(working, NOW),
            "abandoned": lambda: ingestion.abandoned(working, REASON, late),
        }[ends]()
        assert ("indexed", 1, 3, 3) == (after.state, after.generation, after.chunks_done, after.chunks_total)
        assert (claim_of(before), None if ends == "cancelled" else REASON) == (claim_of(after), after.reason)

    @pytest.mark.parametrize(
        ("state", "refusal"),
        [("awaiting_upload", NotIndexed), ("failed", NotIndexed), ("queued", IngestionUnderWay)],
    )
    def test_what_is_not_searched(self, state: State, refusal: type[CoachworkError]) -> None:
        """There is nothing to cut anew."""
        with pytest.raises(refusal):
            ingestion.rechunked(document(state=state), Chunking(), NOW, LATER)

    def test_twice(self) -> None:
        """After a failure the next one builds a generation of its own: what the first left is cut otherwise."""
        working = ingestion.taken(ingestion.rechunked(indexed(), Chunking(500, 0), NOW, LATER), NOW, LATER)
        again = ingestion.rechunked(ingestion.failed(working, 1, REASON, NOW), Chunking(900, 0), NOW, LATER)
        assert (1, 3) == (again.generation, again.building)


class TestExpiry:
    """A document whose file never arrives."""

    def test_it_is_not_there(self) -> None:
        """After its time nobody has it."""
        waiting = document()
        assert (True, False) == (waiting.is_there(NOW), waiting.is_there(NOW + timedelta(hours=1)))

    def test_a_late_file(self) -> None:
        """Its file changes nothing any more."""
        with pytest.raises(DocumentNotFound):
            ingestion.arrived(document(), NOW + timedelta(hours=2), LATER)


class TestClaims:
    """What keeps a file from being there twice."""

    @pytest.mark.parametrize("state", STATES)
    def test_who_claims(self, state: State) -> None:
        """A failed or cancelled document claims nothing; neither does one that is being removed."""
        one = document(state=state, sha256=digest("a"))
        assert (state not in {"failed", "cancelled"}) == (claim_of(one) is not None)
        assert claim_of(replace(one, is_removed=True)) is None

    def test_an_unknown_file(self) -> None:
        """Before its hash is known it claims nothing."""
        assert claim_of(document()) is None

    def test_expiry(self) -> None:
        """A claim goes with an upload that never arrives, and stays with one that does."""
        waiting = document(sha256=digest("a"))
        claims = claim_of(waiting), claim_of(ingestion.arrived(waiting, NOW, LATER))
        assert [waiting.expires_at, None] == [claim and claim.expires_at for claim in claims]


class TestTags:
    """`Document.has`."""

    @pytest.mark.parametrize(
        ("wanted", "has"), [([], True), (["TAX"], True), (["tax", "2025"], True), (["tax", "home"], False)]
    )
    def test_all_of_them(self, wanted: list[str], has: bool) -> None:
        """It has each, however it is capitalised."""
        assert has == document(tags=("Tax", "2025")).has(wanted)


class TestStats:
    """`stats_of`."""

    def test_sums(self) -> None:
        """Pages and chunks are of what is searched, also while it is cut anew; bytes are of all."""
        being_cut = ingestion.rechunked(indexed(), Chunking(), NOW, LATER)
        stats = stats_of([indexed(), being_cut, document(state="failed", pages_done=5)])
        assert (3, 2, 4, 6, 3_000) == (
            stats.documents,
            stats.searched_documents,
            stats.pages,
            stats.chunks,
            stats.size_bytes,
        )
        assert {"indexed": 1, "queued": 1, "failed": 1} == {key: many for key, many in stats.by_state.items() if many}


class TestKeys:
    """Where files are."""

    def test_there_and_back(self) -> None:
        """From a file's key its owner and its document are known."""
        owner, one = uuid4(), uuid4()
        assert (owner, one) == original_of(original_key(owner, one))

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "originals/x/y.pdf",
            f"chunks/{UUID(int=1)}/{UUID(int=2)}.pdf",
            f"originals/{UUID(int=1)}/{UUID(int=2)}.pdf/x.pdf",
            f"originals/{UUID(int=1).hex}/{UUID(int=2)}.pdf",
            f"originals/{UUID(int=1)}/{UUID(int=2)}",
        ],
    )
    def test_foreign_keys(self, key: str) -> None:
        """Whatever else is in the bucket is no document."""
        assert original_of(key) is None
