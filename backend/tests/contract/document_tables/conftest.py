"""The table under test."""

from collections.abc import Callable

import pytest

from coachwork.chassis.documents import Table


@pytest.fixture
def table(tables: Callable[[str], Table]) -> Table:
    """Return the table under test, empty."""
    return tables("documents")
