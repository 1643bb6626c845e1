"""What the knowledge service's tests share."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.document_tables import DocumentStage
from tests.services.knowledge.rig import Rig

from coachwork.chassis.resources import Resources


@pytest.fixture
def new_rig(resources: Resources, started_documents: DocumentStage) -> Callable[[], Rig]:
    """Return a maker of owners who have nothing yet, on the tables, the bucket and the index of all tests."""
    settings = resources.settings.model_copy(update={"documents_table_name": started_documents.name("documents")})
    parts = replace(
        resources, settings=settings, tables=started_documents.table, blobs=lambda _: started_documents.blobs()
    )
    return lambda: Rig(parts)


@pytest.fixture
def rig(new_rig: Callable[[], Rig]) -> Rig:
    """Return an owner who has nothing yet."""
    return new_rig()
