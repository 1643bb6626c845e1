"""Real engines for every test: an embedded Postgres per worker, and settings that point at it."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.migrations import migrate
from rehearsal.postgres import EmbeddedPostgres, running

BACKEND = Path(__file__).parents[1]
APP_PASSWORD = "app-password-of-the-tests"


@dataclass(frozen=True)
class TestDatabase:
    """A migrated database: `owner_url` for the migrations' login, `app_url` for the application's."""

    __test__ = False
    server: EmbeddedPostgres
    owner_url: str
    app_url: str


@pytest.fixture(scope="session")
def test_database() -> Iterator[TestDatabase]:
    """Start Postgres once a worker, migrate it, and load the exercise library."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder) / "pg", durable=False) as server:
            list(migrate(server.url(), BACKEND / "migrations"))
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute(f"alter role coachwork_app password '{APP_PASSWORD}'")
            yield TestDatabase(server, server.url(), server.url(user="coachwork_app", password=APP_PASSWORD))


@pytest.fixture(scope="session")
def database(test_database: TestDatabase) -> Iterator[Database]:
    """Return the application's own view of the database, bound by row level security."""
    pool = Database(test_database.app_url, pool_size=5, timeout_seconds=5, require_safe_login=True)
    yield pool
    pool.close()


@pytest.fixture
def new_principal(test_database: TestDatabase) -> Callable[[], Principal]:
    """Return a maker of users that exist in `auth.users`, each with a principal of its own."""

    def make() -> Principal:
        user_id: UUID = uuid4()
        email = f"{user_id}@example.com"
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute(
                "insert into auth.users (id, email, encrypted_password) values (%s, %s, '')", [user_id, email]
            )
        return Principal(user_id, email)

    return make
