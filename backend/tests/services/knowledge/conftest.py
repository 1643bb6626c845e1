"""What the knowledge service's tests share."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.document_tables import DocumentStage
from tests.services.knowledge.harness import KnowledgeHarness

from coachwork.chassis.resources import Resources


@pytest.fixture
def new_harness(resources: Resources, started_documents: DocumentStage) -> Callable[[], KnowledgeHarness]:
    """Return a maker of owners who have nothing yet, on the tables, the bucket and the index of all tests."""
    settings = resources.settings.model_copy(update={"documents_table_name": started_documents.name("documents")})
    parts = replace(
        resources, settings=settings, tables=started_documents.table, blobs=lambda _: started_documents.blobs()
    )
    return lambda: KnowledgeHarness(parts)


@pytest.fixture
def harness(new_harness: Callable[[], KnowledgeHarness]) -> KnowledgeHarness:
    """Return an owner who has nothing yet."""
    return new_harness()
