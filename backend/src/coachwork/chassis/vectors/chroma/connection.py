"""Three ways to reach Chroma, one kind of connection: an embedded folder, a server over HTTP, Chroma Cloud.

Importing the vendor's client costs about half a second, so only `bootstrap` imports this, at the first use.
Its `HttpClient` and `CloudClient` make three requests without any time limit before they return, so the part
under them X
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from chromadb.api import ServerAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings, System
from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError
from chromadb.types import Collection as CollectionModel

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.chroma.limits import close, limit

_TENANT = "default_tenant"
_DATABASE = "default_database"
_REFUSED = "The vector index refused the credentials"
_embedded_lock = Lock()


class ChromaConnection:
    """A way to Chroma, taken at first use; may be shared by threads and by any number of collections.

    Args:
        connect: returns the vendor's server API; called once, again only after it failed.
        tenant: the tenant whose collections these are.
        database: the database inside the tenant.
    """

    def __init__(self, connect: Callable[[], ServerAPI], *, tenant: str, database: str) -> None:
        self._connect = connect
        self._tenant = tenant
        self._database = database
        self._lock = Lock()
        self._connected: ServerAPI | None = None

    @classmethod
    def embedded(cls, path: Path) -> "ChromaConnection":
        """Return Chroma inside this process, its data in `path`; needs the whole package `chromadb`.

        One process at a time should write to the folder: another sees the change only after a restart.
        """
        return cls(lambda: _embedded(path.resolve()), tenant=_TENANT, database=_DATABASE)

    @classmethod
    def http(cls, url: str, token: str | None = None) -> "ChromaConnection":
        """Return a Chroma server at `url`; a token goes into both headers that proxies look at."""
        headers = {"x-chroma-token": token, "authorization": f"Bearer {token}"} if token else {}
        return cls(lambda: _over_http(url, headers), tenant=_TENANT, database=_DATABASE)

    @classmethod
    def cloud(cls, host: str, *, api_key: str, tenant: str, database: str) -> "ChromaConnection":
        """Return Chroma Cloud; `host` may carry a port, and a scheme where it is not https."""
        url = host if "://" in host else f"https://{host}"
        return cls(lambda: _over_http(url, {"x-chroma-token": api_key}), tenant=tenant, database=database)

    def server(self) -> ServerAPI:
        """Return the vendor's server API, connecting if this is the first use."""
        with self._lock:
            if self._connected is None:
                self._connected = self._connect()
            return self._connected

    def close(self) -> None:
        """Drop what an HTTP connection holds open; the next use connects again. An embedded engine stays."""
        with self._lock:
            server, self._connected = self._connected, None
        if server is not None:
            close(server)

    def open(self, name: str) -> Collection:
        """Return a collection; raises the vendor's `NotFoundError` where there is none."""
        server = self.server()
        return _collection(server, server.get_collection(name, self._tenant, self._database))

    def create(self, name: str, metadata: Mapping[str, str | int]) -> Collection:
        """Make a collection compared by cosine; raises a vendor's error when there is one already."""
        server = self.server()
        model = server.create_collection(
            name=name,
            metadata=dict(metadata),
            configuration={"hnsw": {"space": "cosine"}},
            tenant=self._tenant,
            database=self._database,
        )
        return _collection(server, model)

    def drop(self, name: str) -> None:
        """Remove a collection with everything in it."""
        self.server().delete_collection(name, self._tenant, self._database)


@contextmanager
def vendor_errors() -> Iterator[None]:
    """Turn whatever goes wrong between here and Chroma into `VectorIndexUnavailable`."""
    try:
        yield
    except (AuthorizationError, ChromaAuthError) as error:
        raise VectorIndexUnavailable(_REFUSED) from error
    except httpx.HTTPStatusError as error:
        refused = error.response.status_code in {401, 403}
        raise VectorIndexUnavailable(_REFUSED if refused else None) from error
    except httpx.TimeoutException as error:
        raise VectorIndexUnavailable("The vector index did not answer in time") from error
    except (ChromaError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise VectorIndexUnavailable from error
    except (json.JSONDecodeError, KeyError) as error:  # something answers there, and it is not Chroma
        raise VectorIndexUnavailable("The vector index's address does not answer as Chroma does") from error


def _settings(**values: Any) -> Settings:
    return Settings(_env_file=None, anonymized_telemetry=False, **values)


def _server(system: System) -> ServerAPI:
    return system.instance(ServerAPI)  # type: ignore[type-abstract]  # abstract types name what settings choose


def _collection(server: ServerAPI, model: CollectionModel) -> Collection:
    return Collection(client=server, model=model, embedding_function=None)


def _embedded(path: Path) -> ServerAPI:
    with _embedded_lock:
        return _embedded_once(path)


@cache
def _embedded_once(path: Path) -> ServerAPI:
    """Open a folder once a process: two engines on one folder do not see each other's writes."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        system = System(_settings(is_persistent=True, persist_directory=str(path)))
    except RuntimeError as error:  # the thin client says so when it is constructed
        raise VectorIndexUnavailable("An embedded vector index needs chromadb, not chromadb-client") from error
    except OSError as error:
        raise VectorIndexUnavailable("The folder of the vector index cannot be made") from error
    server = _server(system)
    with vendor_errors():
        system.start()
    return server


def _over_http(url: str, headers: Mapping[str, str]) -> ServerAPI:
    system = System(
        _settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=url,
            chroma_server_http_port=urlsplit(url).port or 443,  # wanted, but the URL decides
            chroma_server_headers=dict(headers),
        )
    )
    server = _server(system)
    limit(server)
    return server
