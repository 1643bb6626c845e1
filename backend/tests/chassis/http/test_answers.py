"""Answers that are kept under a key: for whom, and how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.conftest import TestDatabase

from coachwork.chassis.http.answers import KEPT, Answer, Answers, Attempt, IdempotencyKeyReused, StillInProgress
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database


class TestAnswers:
    """What is kept, and how long."""

    @pytest.fixture
    def owner(self, new_principal: Callable[[], Principal]) -> Principal:
        """Return whose keys they are."""
        return new_principal()

    @staticmethod
    def attempt(owner: Principal, body: bytes = b"") -> Attempt:
        """Return a new attempt at the one request."""
        return Attempt.at(owner.user_id, operation="POST /x", key="k", query=b"", body=body)

    @staticmethod
    def at(database: Database, later: timedelta) -> Answers:
        """Return answers as they are seen after some time."""
        return Answers(database, clock=lambda: datetime.now(UTC) + later)

    def test_a_worker_that_died(self, database: Database, owner: Principal) -> None:
        """Its key is taken by the next when its lock has run out, and its own late answer is not kept."""
        dead, heir = self.attempt(owner), self.attempt(owner)
        assert Answers(database).begin(dead, lock_seconds=30) is None
        with pytest.raises(StillInProgress):
            Answers(database).begin(heir, lock_seconds=30)
        later = self.at(database, timedelta(seconds=31))
        assert later.begin(heir, lock_seconds=30) is None
        later.keep(dead, Answer(201, [], b"late"))
        later.free(dead)
        later.keep(heir, Answer(201, [("etag", '"1"')], b"heir"))
        assert Answer(201, [("etag", '"1"')], b"heir") == later.begin(self.attempt(owner), lock_seconds=30)

    def test_another_body_after_a_death(self, database: Database, owner: Principal) -> None:
        """A lock that ran out frees the key for the same request alone: nobody knows what came of it."""
        Answers(database).begin(self.attempt(owner), lock_seconds=30)
        with pytest.raises(IdempotencyKeyReused):
            self.at(database, timedelta(seconds=31)).begin(self.attempt(owner, b"other"), lock_seconds=30)

    def test_a_day_later(self, database: Database, owner: Principal) -> None:
        """The key is new again, for any body."""
        answers, first = Answers(database), self.attempt(owner)
        answers.begin(first, lock_seconds=30)
        answers.keep(first, Answer(200, [], b"old"))
        assert self.at(database, KEPT).begin(self.attempt(owner, b"other"), lock_seconds=30) is None

    def test_old_ones_are_purged(
        self, database: Database, owner: Principal, new_principal: Callable[[], Principal], test_database: TestDatabase
    ) -> None:
        """Whoever takes a key sweeps away what is too old."""
        Answers(database).begin(self.attempt(owner), lock_seconds=30)
        self.at(database, KEPT).begin(self.attempt(new_principal()), lock_seconds=30)
        with psycopg.connect(test_database.owner_url) as connection:
            found = connection.execute(
                "select count(*) from coachwork.idempotency_keys where user_id = %s", [owner.user_id]
            )
            assert (0,) == found.fetchone()
