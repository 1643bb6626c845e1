"""The ledger of tokens, on Postgres: limits hold, whatever happens at once or breaks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from tests import token_use
from tests.conftest import TestDatabase

from coachwork.chassis.budget import Ledger, Limits, Spent
from coachwork.chassis.budget.errors import DailyCeilingReached, TokenBudgetSpent
from coachwork.chassis.errors import Forbidden
from coachwork.chassis.identity.errors import AccountGone
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database

PLENTY = 10**12
NewLedger = Callable[..., Ledger]


@pytest.fixture
def new_ledger(database: Database) -> NewLedger:
    """Return a maker of ledgers, by default of 1,000 tokens a user."""

    def make(user: int = 1_000, everybody: int = PLENTY, hold_seconds: float = 60) -> Ledger:
        return Ledger(database, Limits(user, everybody), hold_seconds=hold_seconds)

    return make


@pytest.fixture
def used_by_all(test_database: TestDatabase) -> int:
    """Return what everybody used and has reserved today, with what other tests did."""
    return token_use.used_by_all(test_database.owner_url)


class TestReserve:
    """Putting tokens aside."""

    def test_up_to_the_limit(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """The last token can be reserved, the one after it cannot; the refusal tells how it stands."""
        ledger, user = new_ledger(), new_principal().user_id
        ledger.reserve(user, 400)
        ledger.reserve(user, 600)

        with pytest.raises(TokenBudgetSpent) as refused:
            ledger.reserve(user, 1)

        assert (1_000, 0) == (refused.value.limit, refused.value.remaining)
        assert 1 <= refused.value.retry_after_seconds <= 86_400

    def test_all_at_once(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """Of ten at once that want 300 of 1,000 three get them."""
        ledger, user = new_ledger(), new_principal().user_id

        def reserve(_: int) -> bool:
            try:
                ledger.reserve(user, 300)
            except TokenBudgetSpent:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert 3 == sum(pool.map(reserve, range(10)))

    def test_of_another_is_another_matter(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """Each user has a budget of their own."""
        ledger = new_ledger()
        for _ in range(2):
            ledger.reserve(new_principal().user_id, 1_000)

    def test_expires(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """What nobody settled, for its process died, counts no more once no call can be under way."""
        user = new_principal().user_id
        new_ledger(hold_seconds=0).reserve(user, 1_000)

        new_ledger().reserve(user, 1_000)

    def test_of_all_together(
        self, new_ledger: NewLedger, new_principal: Callable[[], Principal], used_by_all: int
    ) -> None:
        """The ceiling holds for users who have used nothing, and does not say how high it is."""
        ledger = new_ledger(everybody=used_by_all + 100)
        ledger.reserve(new_principal().user_id, 60)

        with pytest.raises(DailyCeilingReached) as refused:
            ledger.reserve(new_principal().user_id, 60)

        assert str(used_by_all + 100) not in refused.value.detail
        assert 1 <= int(refused.value.headers["Retry-After"]) <= 86_400

    def test_for_everybody(self, new_ledger: NewLedger, used_by_all: int, test_database: TestDatabase) -> None:
        """What is no user's has no user's limit, counts in no user's days, and stops at the ceiling of all."""
        ledger = new_ledger(user=1, everybody=used_by_all + 100)
        reservation = ledger.reserve(None, 60)
        with pytest.raises(DailyCeilingReached):
            ledger.reserve(None, 60)
        ledger.settle(reservation, Spent(embedding_tokens=50))
        with psycopg.connect(test_database.owner_url) as connection:
            used = connection.execute("select tokens from coachwork.token_days where day = current_date").fetchone()
            left = connection.execute("select count(*) from coachwork.token_reservations where user_id is null")
            assert (0,) == left.fetchone()
        assert used is not None
        with pytest.raises(DailyCeilingReached):
            ledger.reserve(None, 51)

    def test_for_nobody(self, new_ledger: NewLedger) -> None:
        """An account that is gone reserves nothing."""
        with pytest.raises(AccountGone):
            new_ledger().reserve(uuid4(), 1)


class TestSettle:
    """Counting what was used."""

    def test_puts_the_rest_back(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """Only what was used is gone from the budget."""
        ledger, user = new_ledger(), new_principal().user_id

        ledger.settle(ledger.reserve(user, 1_000), Spent(30, 20))
        ledger.settle(ledger.reserve(user, 900), Spent(embedding_tokens=5))

        standing, [today] = ledger.standing(user), ledger.days(user, 30)
        assert (55, 0) == (standing.used, standing.reserved)
        assert (standing.today, 2, 30, 20, 5) == (
            today.day,
            today.calls,
            today.input_tokens,
            today.output_tokens,
            today.embedding_tokens,
        )

    def test_what_came_to_nothing(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """A call that used nothing is none."""
        ledger, user = new_ledger(), new_principal().user_id
        ledger.settle(ledger.reserve(user, 1_000), Spent())
        assert (0, []) == (ledger.standing(user).reserved, ledger.days(user, 30))

    def test_more_than_was_reserved(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """An estimate that was too low is made good by the next call."""
        ledger, user = new_ledger(), new_principal().user_id
        ledger.settle(ledger.reserve(user, 10), Spent(1_200))
        with pytest.raises(TokenBudgetSpent):
            ledger.reserve(user, 1)

    def test_after_it_expired(self, new_ledger: NewLedger, new_principal: Callable[[], Principal]) -> None:
        """A call that took longer than any should is counted all the same."""
        ledger, user = new_ledger(hold_seconds=0), new_principal().user_id
        ledger.settle(ledger.reserve(user, 10), Spent(7))
        assert 7 == ledger.standing(user).used

    def test_of_an_account_that_is_gone(
        self,
        new_ledger: NewLedger,
        new_principal: Callable[[], Principal],
        used_by_all: int,
        test_database: TestDatabase,
    ) -> None:
        """Everybody's sum knows of it; nothing of the user is kept."""
        ledger, user = new_ledger(), new_principal().user_id
        reserved = ledger.reserve(user, 100)
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute("delete from auth.users where id = %s", [user])

        ledger.settle(reserved, Spent(100))

        assert 0 == ledger.standing(user).used
        with pytest.raises(DailyCeilingReached):
            new_ledger(everybody=used_by_all + 100).reserve(new_principal().user_id, 1)


class TestDays:
    """A day is over at midnight, UTC."""

    def test_yesterday(
        self, new_ledger: NewLedger, new_principal: Callable[[], Principal], test_database: TestDatabase
    ) -> None:
        """Yesterday's tokens are listed and count no more, and neither do those of two days together."""
        ledger, user = new_ledger(), new_principal().user_id
        ledger.settle(ledger.reserve(user, 1_000), Spent(1_000))
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute("update coachwork.token_usage set day = day - 1 where user_id = %s", [user])

        ledger.reserve(user, 1_000)

        standing = ledger.standing(user)
        assert (0, 1_000) == (standing.used, standing.reserved)
        assert [standing.today - timedelta(days=1)] == [one.day for one in ledger.days(user, 2)]
        assert [] == ledger.days(user, 1)


class TestWhoReads:
    """Nobody reads or writes these tables but the chassis."""

    @pytest.mark.parametrize("table", ["token_days", "token_usage", "token_reservations"])
    def test_no_user(self, database: Database, new_principal: Callable[[], Principal], table: str) -> None:
        """Not even their own rows: who could write them could take back what they used."""
        with pytest.raises(Forbidden), database.session(new_principal()) as session:
            session.value(f"select count(*) from coachwork.{table}")
