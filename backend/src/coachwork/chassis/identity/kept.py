"""Notes, beside the accounts, of which services keep something of somebody elsewhere: no account goes before that.

A note's row is locked: shared by whoever makes something, alone by whoever erases all of it. See docs/adr/0020.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from coachwork.chassis.errors import DatabaseUnavailable
from coachwork.chassis.identity.errors import AccountGone, KeptElsewhere

if TYPE_CHECKING:
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.sql.session import Session

_TRIES = 5
_SHARED = """
    select service from coachwork.kept_elsewhere where user_id = %(user)s and service = %(service)s for share"""
_ALONE = """
    select service from coachwork.kept_elsewhere where user_id = %(user)s and service = %(service)s for update"""


@dataclass(frozen=True)
class Note:
    """That a service keeps something, and the operation that erases all of it (`DELETE /path`)."""

    service: str
    erased_by: str


@dataclass(frozen=True)
class Keeper:
    """What a service that keeps something elsewhere does with its notes."""

    database: "Callable[[], Database]"
    note: Note

    @contextmanager
    def making(self, user_id: UUID) -> Iterator[None]:
        """Make something of somebody's while it is noted that there is something, and nobody erases it.

        The note is committed before, so that it is there also when the process ends in the middle.

        Raises:
            AccountGone: the account was deleted; nothing is to be made.
            DatabaseUnavailable: no answer, or an erasure takes longer than a statement may; as above.
        """
        with self._held(user_id):
            yield

    @contextmanager
    def erasing(self, user_id: UUID) -> Iterator[None]:
        """Erase everything of somebody's while nobody makes anything, then take the note back.

        When that fails the note stays. Of somebody without an account there is none, nor is one needed.
        """
        with ExitStack() as held:
            try:
                session = held.enter_context(self._held(user_id, is_alone=True))
            except AccountGone:
                session = None
            yield
            if session:
                session.execute(
                    "delete from coachwork.kept_elsewhere where user_id = %(user)s and service = %(service)s",
                    {"user": user_id, "service": self.note.service},
                )

    @contextmanager
    def _held(self, user_id: UUID, *, is_alone: bool = False) -> "Iterator[Session]":
        note = {"user": user_id, "service": self.note.service}
        for _ in range(_TRIES):  # whoever erases may take a new note back before it is held
            with self.database().service_session() as session:
                if session.value(_ALONE, note) if is_alone else session.value(_SHARED, note):
                    yield session
                    return
            self._add(user_id)
        raise DatabaseUnavailable

    def _add(self, user_id: UUID) -> None:
        with self.database().service_session() as session:
            session.execute(
                """
                insert into coachwork.kept_elsewhere (user_id, service, erased_by)
                values (%(user)s, %(service)s, %(erased_by)s) on conflict (user_id, service) do nothing
                """,
                {"user": user_id, "service": self.note.service, "erased_by": self.note.erased_by},
            )


def hold_notes(session: "Session", user_id: UUID, services: Collection[str]) -> None:
    """Keep everybody from making anything of somebody's until the session ends, which is about to remove their account.

    Raises:
        KeptElsewhere: another service than these keeps something, which has to be erased first.
    """
    with session.as_service():
        notes = session.all(
            Note,
            """
            select service, erased_by from coachwork.kept_elsewhere where user_id = %(user)s order by service for update
            """,
            {"user": user_id},
        )
    if foreign := [one for one in notes if one.service not in services]:
        raise KeptElsewhere([one.service for one in foreign], [one.erased_by for one in foreign])


def take_notes_back(session: "Session", user_id: UUID) -> None:
    """Remove the notes that `hold_notes` held, once what they are about is erased."""
    with session.as_service():
        session.execute("delete from coachwork.kept_elsewhere where user_id = %(user)s", {"user": user_id})
