"""The table of documents, at a present that tests move."""

import pytest
from tests.document_tables import DocumentStage
from tests.services.knowledge.documents.table import Clock

from coachwork.chassis.documents.port import Table
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def table(started_documents: DocumentStage) -> Table:
    """Return the table; every test has owners of its own."""
    return started_documents.table("documents")


@pytest.fixture
def documents(table: Table, clock: Clock) -> Documents:
    """Return the documents in it."""
    return Documents(table, clock)


@pytest.fixture
def collections(table: Table, clock: Clock) -> Collections:
    """Return the collections in it."""
    return Collections(table, clock)
