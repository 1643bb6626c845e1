"""The application on a bucket of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.object_store import ObjectStage

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected


@pytest.fixture
def app(resources: Resources, stage: ObjectStage) -> FastAPI:
    """Return the application on that bucket, with the rights the deployed function has."""
    settings = resources.settings.model_copy(update={"video_url_seconds": 120, "video_max_bytes": 20_000})
    return create_app(replace(resources, settings=settings, blobs=lambda _purpose: stage.store), selected(("fitness",)))


@pytest.fixture
def admin(client: TestClient, client_for: Callable[..., TestClient], sign_in_admin: Callable[..., Any]) -> TestClient:
    """Return an HTTP client that acts for an administrator."""
    made = client_for(client.app)
    made.headers.update(sign_in_admin(made))
    return made
