"""The store under test."""

import pytest
from tests.object_store import ObjectStage

from coachwork.chassis.blobs import BlobStore


@pytest.fixture
def store(stage: ObjectStage) -> BlobStore:
    """Return the store under test."""
    return stage.store
