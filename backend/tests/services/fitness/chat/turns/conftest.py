"""A user of the offline coach whose tasks wait, and turns whose time runs out."""

from collections.abc import Callable

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.manual_tasks import ManualTasks
from tests.services.fitness.turn_calls import NewCaller


@pytest.fixture
def tasks() -> ManualTasks:
    """Return tasks that wait to be told."""
    return ManualTasks()


@pytest.fixture
def caller(new_caller: NewCaller, tasks: ManualTasks) -> TestClient:
    """Return a new user of the offline coach, whose tasks wait."""
    return new_caller(tasks=tasks)


@pytest.fixture
def overdue(test_database: TestDatabase) -> Callable[[str], None]:
    """Return a function that lets a turn's lease run out, as time would."""

    def run_out(turn_id: str) -> None:
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute("update open_turns set due_at = now() - interval '1 second' where id = %s", [turn_id])

    return run_out
