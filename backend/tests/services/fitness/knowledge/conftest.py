"""A knowledge of one's own: an empty collection with two passages of the seeds, and no documents."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coachwork.bootstrap import bootstrap
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.models.port import Counted
from coachwork.chassis.resources import Resources
from coachwork.chassis.vectors import VectorIndex
from coachwork.chassis.vectors.chroma import ChromaIndex
from coachwork.chassis.vectors.chroma.embedded import EmbeddedChroma
from coachwork.main import create_app
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.schemas.library import PassageSeed
from coachwork.services.fitness.service.library import load_passages
from coachwork.services.registry import selected

SOURCE = {
    "title": "A position stand",
    "authors": "B. Author",
    "publisher": "A Journal",
    "year": 2017,
    "kind": "paper",
    "locator": "14:18",
}
SEEDS = [
    PassageSeed.model_validate(
        {"id": name, "topic": "recovery", "title": title, "text": text, "source": {**SOURCE, "title": "A guideline"}}
    )
    for name, title, text in (
        ("rest-days", "Rest days", "Leave a day between hard sessions for one muscle."),
        ("sleep", "Sleep", "Most adults need seven hours or more of sleep."),
    )
]


class OtherEmbedder:
    """The offline embedder under another name, and half as long: what a change of the embedder looks like."""

    name = "other-1"
    dimensions = 1024

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Return vectors of unit length, and remember the texts."""
        self.embedded += texts
        folded = [
            [one + other for one, other in zip(vector[:1024], vector[1024:], strict=True)]
            for vector in LexicalEmbedder().embed(texts)
        ]
        lengths = [sum(value * value for value in vector) ** 0.5 for vector in folded]
        return [[value / length for value in vector] for vector, length in zip(folded, lengths, strict=True)]


@pytest.fixture
def stage(resources: Resources, tmp_path: Path) -> Resources:
    """Return the resources on that collection."""
    with resources.database().service_session() as session:
        session.execute("delete from coachwork.knowledge_documents")
        session.execute("delete from coachwork.knowledge_displaced")
    own = bootstrap(resources.settings.model_copy(update={"chroma_path": tmp_path / "chroma"}))
    load_passages(own.vector_index(COLLECTION), own.embedder(), SEEDS)
    return replace(resources, vector_index=own.vector_index)


@pytest.fixture
def app(stage: Resources) -> FastAPI:
    """Return the application on it."""
    return create_app(stage, selected(("fitness",)))


@pytest.fixture
def index(stage: Resources) -> VectorIndex:
    """Return its collection."""
    return stage.vector_index(COLLECTION)


@pytest.fixture
def admin(client: TestClient, client_for: Callable[..., TestClient], sign_in_admin: Callable[..., Any]) -> TestClient:
    """Return an HTTP client that acts for an administrator."""
    made = client_for(client.app)
    made.headers.update(sign_in_admin(made))
    return made


@pytest.fixture
def other(stage: Resources, tmp_path: Path) -> Resources:
    """Return the same, after a change of the embedder."""
    embedder, chroma = OtherEmbedder(), EmbeddedChroma(tmp_path / "chroma")
    index = ChromaIndex(chroma, COLLECTION, embedder=embedder.name, dimensions=embedder.dimensions)
    return replace(stage, embedder=lambda: embedder, vector_index=lambda _: index)


@pytest.fixture
def other_admin(
    other: Resources, client_for: Callable[..., TestClient], sign_in_admin: Callable[..., Any]
) -> TestClient:
    """Return an HTTP client that acts for an administrator then."""
    made = client_for(other)
    made.headers.update(sign_in_admin(made))
    return made
