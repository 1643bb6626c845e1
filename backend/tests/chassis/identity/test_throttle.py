"""Guessing is slowed down, for all instances together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from tests.conftest import TestDatabase

from coachwork.chassis.errors import IdentityUnavailable, TooManyRequests
from coachwork.chassis.identity.errors import InvalidCredentials
from coachwork.chassis.identity.throttle import Limits, LoginThrottle
from coachwork.chassis.sql.database import Database


class Scene:
    """Somebody at an address of their own, and a throttle whose time stands still."""

    def __init__(self, database: Database) -> None:
        self.now = datetime.now(UTC)
        self.database = database
        self.email = f"{uuid4()}@example.com"
        self.address = f"test-{uuid4()}"
        self.throttle = self.instance()

    def instance(self) -> LoginThrottle:
        """Return one more instance of the service."""
        limits = Limits(per_account=3, per_address=5, registrations_per_address=2)
        return LoginThrottle(self.database, limits=limits, clock=lambda: self.now)

    def fail(self, times: int = 1, *, email: str | None = None, address: str | None = None) -> None:
        """Sign in with a wrong password."""
        for _ in range(times):
            with (
                pytest.raises(InvalidCredentials),
                self.throttle.sign_in(email or self.email, address or self.address),
            ):
                raise InvalidCredentials

    def is_refused(self, *, email: str | None = None, address: str | None = None) -> bool:
        """Whether an attempt, which would succeed, is refused."""
        try:
            with self.throttle.sign_in(email or self.email, address or self.address):
                return False
        except TooManyRequests:
            return True


@pytest.fixture
def scene(database: Database) -> Scene:
    """Return a scene nobody acted in yet."""
    return Scene(database)


class TestAccount:
    """Failures of one account."""

    def test_refused_when_full(self, scene: Scene) -> None:
        """After three failures even the right password is not looked at."""
        scene.fail(3)
        looked_at = False

        with pytest.raises(TooManyRequests), scene.throttle.sign_in(scene.email, "elsewhere"):
            looked_at = True

        assert not looked_at

    def test_says_when_to_return(self, scene: Scene) -> None:
        """The window opened with the first failure, and the answer says when it closes."""
        scene.fail(2)
        scene.now += timedelta(seconds=600)
        scene.fail()

        with pytest.raises(TooManyRequests) as caught, scene.throttle.sign_in(scene.email, scene.address):
            pass

        assert {"Retry-After": "300"} == caught.value.headers

    def test_opens_again(self, scene: Scene) -> None:
        """When the window has closed, all attempts are there again."""
        scene.fail(3)
        scene.now += timedelta(seconds=900)

        scene.fail(2)
        assert not scene.is_refused()

    def test_success_clears(self, scene: Scene) -> None:
        """Who remembers the password in time starts afresh."""
        scene.fail(2)
        assert not scene.is_refused()

        scene.fail(2)
        assert not scene.is_refused()

    def test_from_anywhere(self, scene: Scene) -> None:
        """Guesses from many addresses count together."""
        for number in range(3):
            scene.fail(address=f"{scene.address}-{number}")

        assert scene.is_refused(address="elsewhere")

    def test_others_are_spared(self, scene: Scene) -> None:
        """Somebody else signs in as ever."""
        scene.fail(3)

        assert not scene.is_refused(email=f"other-{scene.email}")

    def test_outage_is_no_failure(self, scene: Scene) -> None:
        """An attempt nobody could judge counts against nobody."""
        for _ in range(6):
            with pytest.raises(IdentityUnavailable), scene.throttle.sign_in(scene.email, scene.address):
                raise IdentityUnavailable

        assert not scene.is_refused()


class TestAddress:
    """Failures from one address."""

    def test_refused_when_full(self, scene: Scene) -> None:
        """One guess at each of many accounts is guessing as well."""
        for number in range(5):
            scene.fail(email=f"{number}-{scene.email}")

        assert scene.is_refused(email=f"fresh-{scene.email}")

    def test_refusals_cost_the_account_nothing(self, scene: Scene) -> None:
        """A full address cannot lock out an account it names."""
        for number in range(5):
            scene.fail(email=f"{number}-{scene.email}")
        for _ in range(5):
            assert scene.is_refused()

        assert not scene.is_refused(address="elsewhere")

    def test_success_does_not_clear(self, scene: Scene) -> None:
        """An account of one's own buys no more guesses at others."""
        for number in range(4):
            scene.fail(email=f"{number}-{scene.email}")
        assert not scene.is_refused()
        scene.fail()

        assert scene.is_refused(email=f"fresh-{scene.email}")

    def test_network_counts_as_one(self, scene: Scene) -> None:
        """A subscriber owns a whole /64, so its addresses count together, and the neighbour's do not."""
        network = f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}"
        for number in range(5):
            scene.fail(email=f"{number}-{scene.email}", address=f"{network}::{number + 1}")

        assert scene.is_refused(email=f"fresh-{scene.email}", address=f"{network}:ffff::9")
        assert not scene.is_refused(email=f"fresh-{scene.email}", address=f"2001:db9:{uuid4().hex[:4]}::1")

    def test_mapped_address_is_the_same(self, scene: Scene) -> None:
        """An IPv4 address written as IPv6 is no second one."""
        address = ".".join(str(byte % 256) for byte in uuid4().bytes[:4])
        for number in range(5):
            scene.fail(email=f"{number}-{scene.email}", address=f"::ffff:{address}")

        assert scene.is_refused(address=address)


class TestInstances:
    """Several functions at once."""

    def test_count_together(self, scene: Scene) -> None:
        """What one instance counted, the next one knows."""
        scene.fail(3)
        scene.throttle = scene.instance()

        assert scene.is_refused()

    def test_burst(self, scene: Scene) -> None:
        """Parallel guesses get no further than as many in a row."""

        looked_at: list[int] = []

        def guess(number: int) -> None:
            with (
                suppress(InvalidCredentials, TooManyRequests),
                scene.instance().sign_in(scene.email, f"{scene.address}-{number}"),
            ):
                looked_at.append(number)
                raise InvalidCredentials

        with ThreadPoolExecutor(5) as pool:
            list(pool.map(guess, range(12)))

        assert 3 == len(looked_at)


class TestRegistrations:
    """New accounts from one address."""

    def test_limited(self, scene: Scene) -> None:
        """Each one counts, and sign-ins are not affected."""
        scene.throttle.register(scene.address)
        scene.throttle.register(scene.address)

        with pytest.raises(TooManyRequests):
            scene.throttle.register(scene.address)
        assert not scene.is_refused()


class TestStorage:
    """What the table holds."""

    @pytest.fixture
    def connection(self, test_database: TestDatabase) -> Iterator[psycopg.Connection[tuple[str]]]:
        """Yield a connection of the owner's."""
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            yield connection

    def test_never_in_clear(self, scene: Scene, connection: psycopg.Connection[tuple[str]]) -> None:
        """Neither addresses of mail nor of the network can be read from it."""
        scene.fail()

        everything = " ".join(str(row) for row in connection.execute("select * from coachwork.login_attempts"))

        assert scene.email not in everything
        assert scene.address not in everything

    def test_old_windows_go(self, scene: Scene, connection: psycopg.Connection[tuple[str]]) -> None:
        """Closed windows are deleted by later attempts."""
        scene.fail()
        opened, scene.now = scene.now, scene.now + timedelta(seconds=901)
        scene.fail(email=f"later-{scene.email}", address="elsewhere")

        left = connection.execute(
            "select count(*) from coachwork.login_attempts where window_start = %s", [opened]
        ).fetchone()

        assert (0,) == left
