"""Real engines for every test: an embedded Postgres per worker, and settings that point at it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.chroma_cloud import CLOUD_KEY
from tests.document_tables import DocumentStage, document_stage
from tests.object_store import ObjectStage, object_stage

from coachwork.bootstrap import bootstrap
from coachwork.chassis.blobs import BlobStore
from coachwork.chassis.documents import Table
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.migrations import migrate
from coachwork.chassis.sql.session import Session
from coachwork.main import create_app
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.service.library import load_exercises, load_passages, read_exercises, read_passages
from coachwork.services.registry import selected
from deployment.children import Children
from rehearsal.postgres import EmbeddedPostgres, temporary
from rehearsal.vendors.chroma_cloud import running_chroma_cloud
from rehearsal.vendors.chroma_server import running_chroma

BACKEND = Path(__file__).parents[1]
SEEDS = BACKEND / "seeds" / "fitness"
APP_PASSWORD = "app-password-of-the-tests"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that say they take long: one that comes last keeps one worker busy while others are idle."""
    seconds: dict[Path, float] = {}
    for item in items:
        mark = item.get_closest_marker("long")
        seconds[item.path] = max(seconds.get(item.path, 0.0), mark.kwargs["seconds"] if mark else 0.0)
    items.sort(key=lambda item: -seconds[item.path])


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
    with temporary() as server:
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


@pytest.fixture(scope="session")
def environ(test_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the smallest environment the application starts with; change a copy, never this one."""
    key = ec.generate_private_key(ec.SECP256R1())
    return {
        "ENVIRONMENT": "test",
        "RATE_LIMIT_PER_ADDRESS": "0",  # tests ask faster than anybody
        "RATE_LIMIT_PER_USER": "0",
        "DATABASE_URL": test_database.app_url,
        "CHROMA_PATH": str(tmp_path_factory.mktemp("chroma")),
        "AUTH_SIGNING_KEYS": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    }


@pytest.fixture(scope="session")
def settings(environ: dict[str, str]) -> Settings:
    """Return the settings of `environ`."""
    return Settings.load(environ)


@pytest.fixture(scope="session")
def resources(settings: Settings) -> Iterator[Resources]:
    """Yield real resources; swap a part with `dataclasses.replace(resources, chat_model=lambda: fake)`."""
    built = bootstrap(settings)
    yield built
    built.database().close()


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `chroma run` once a worker; every test has collections of its own."""
    with Children() as children, running_chroma(tmp_path_factory.mktemp("chroma-server"), children) as url:
        yield url


@pytest.fixture(scope="session")
def cloud_url(chroma_url: str) -> Iterator[str]:
    """Start Chroma Cloud's door before it, which wants a key."""
    with running_chroma_cloud(chroma_url, CLOUD_KEY) as url:
        yield url


@pytest.fixture(scope="session")
def started_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStage]:
    """Start the local AWS once a worker, with a bucket for videos; ask for `stage` instead."""
    with object_stage(tmp_path_factory.mktemp("aws")) as started:
        yield started


@pytest.fixture
def stage(started_stage: ObjectStage) -> ObjectStage:
    """Return the bucket for videos, empty, with whatever a test wants to do behind the port."""
    started_stage.clear()
    return started_stage


@pytest.fixture(scope="session")
def started_documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentStage]:
    """Start the local AWS once a worker, with both tables and the bucket of documents; ask for `documents` instead."""
    with document_stage(tmp_path_factory.mktemp("aws")) as stage:
        yield stage


@pytest.fixture
def documents(started_documents: DocumentStage) -> DocumentStage:
    """Return the tables and the bucket of documents, empty, with whatever a test wants to do behind the ports."""
    started_documents.clear()
    return started_documents


@pytest.fixture
def tables(documents: DocumentStage) -> Callable[[str], Table]:
    """Return the empty tables: `tables("documents")`, `tables("chat-history")`, as `resources.tables` does."""
    return documents.table


@pytest.fixture
def document_blobs(documents: DocumentStage) -> BlobStore:
    """Return the empty bucket of documents."""
    return documents.blobs()


@pytest.fixture
def document_resources(resources: Resources, documents: DocumentStage) -> Resources:
    """Return the resources with these tables and, for documents, this bucket."""
    blobs = {"documents": documents.blobs()}
    return replace(
        resources, tables=documents.table, blobs=lambda purpose: blobs.get(purpose) or resources.blobs(purpose)
    )


@pytest.fixture(scope="session")
def app(resources: Resources) -> FastAPI:
    """Return the application with every service."""
    return create_app(resources, selected(resources.settings.coachwork_services))


@pytest.fixture
def client_for() -> Callable[[FastAPI | Resources], TestClient]:
    """Return a maker of HTTP clients, each with its own network address, so no test throttles another."""

    def make(served: FastAPI | Resources) -> TestClient:
        if isinstance(served, Resources):
            served = create_app(served, selected(served.settings.coachwork_services))
        return TestClient(served, client=(f"test-{uuid4()}", 50_000))

    return make


@pytest.fixture
def client(app: FastAPI, client_for: Callable[[FastAPI | Resources], TestClient]) -> TestClient:
    """Return an HTTP client of `app`; nobody is signed in."""
    return client_for(app)


@pytest.fixture
def sign_in() -> Callable[[TestClient], dict[str, str]]:
    """Return a function that registers a new user and returns the headers that act for them."""

    def register_and_sign_in(client: TestClient) -> dict[str, str]:
        provider = client.app.state.resources.identity_provider()  # type: ignore[attr-defined]  # typed as any ASGI app
        email, password = f"{uuid4()}@example.com", "a password of the tests"
        provider.register(email, password)
        return {"Authorization": f"Bearer {provider.sign_in(email, password).access_token}"}

    return register_and_sign_in


@pytest.fixture
def sign_in_admin(test_database: TestDatabase) -> Callable[[TestClient], dict[str, str]]:
    """Return a function that does the same for an administrator."""

    def register_and_sign_in(client: TestClient) -> dict[str, str]:
        provider = client.app.state.resources.identity_provider()  # type: ignore[attr-defined]  # typed as any ASGI app
        email, password = f"{uuid4()}@example.com", "a password of the tests"
        account = provider.register(email, password)
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            granted = """update auth.users set raw_app_meta_data = '{"role": "admin"}' where id = %s"""
            connection.execute(granted, [account.id])
        return {"Authorization": f"Bearer {provider.sign_in(email, password).access_token}"}

    return register_and_sign_in


@pytest.fixture(scope="session")
def passages() -> list[dict[str, Any]]:
    """Return the coach's knowledge as it ships."""
    shipped: list[dict[str, Any]] = json.loads((SEEDS / "passages.json").read_text())
    return shipped


@pytest.fixture(scope="session")
def library(test_database: TestDatabase) -> list[dict[str, Any]]:
    """Load the exercises that ship, and return them."""
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        load_exercises(Session(connection), read_exercises(SEEDS))
    exercises: list[dict[str, Any]] = json.loads((SEEDS / "exercises.json").read_text())
    return exercises


@pytest.fixture(scope="session")
def knowing(resources: Resources, library: object) -> Resources:
    """Return the resources with the library and the coach's knowledge loaded."""
    load_passages(resources.vector_index(COLLECTION), resources.embedder(), read_passages(SEEDS))
    return resources
