"""A deployment with tables and a bucket, and people in it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.document_tables import DocumentStage
from tests.e2e.knowledge.people import Person

from coachwork.chassis.resources import Resources


@pytest.fixture
def new_person(
    resources: Resources,
    started_documents: DocumentStage,
    client_for: Callable[[Resources], TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
) -> Callable[[], Person]:
    """Return a maker of people, all of one deployment."""
    named = {name.lower(): value for name, value in started_documents.environ.items()}
    parts = replace(
        resources,
        settings=resources.settings.model_copy(update=named),
        tables=started_documents.table,
        blobs=lambda _: started_documents.blobs(),
    )

    def make() -> Person:
        client = client_for(parts)
        client.headers.update(sign_in(client))
        return Person(client, started_documents)

    return make


@pytest.fixture
def person(new_person: Callable[[], Person]) -> Person:
    """Return somebody."""
    return new_person()
