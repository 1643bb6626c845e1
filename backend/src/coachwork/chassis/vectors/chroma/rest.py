"""A Chroma server, or Chroma Cloud, over its public REST API.

Source: the OpenAPI document at /openapi.json of any Chroma 1.x server; its paths start with /api/v2.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.vectors.chroma.connection import ChromaConnection, CollectionTaken, understanding
from coachwork.chassis.vectors.chroma.payloads import (
    COSINE,
    HIT_COLUMNS,
    ITEM_COLUMNS,
    columns_of,
    condition_of,
    hits_of,
    items_of,
)
from coachwork.chassis.vectors.port import Filter, Hit, Item

_VERSION = "/api/v2"
_TENANT = "default_tenant"
_DATABASE = "default_database"
_CLOUD_IDS = 250
"""Of the 300 it allows. Source: docs.trychroma.com/cloud/quotas-limits."""


class RestChroma:
    """A server spoken to over HTTP; the `Chroma` protocol.

    Args:
        url: the server's, with or without /api/v2.
        headers: sent with every request.
        tenant: the tenant whose collections these are.
        database: the database inside the tenant.
        ids_a_request: how many ids one request may list.
    """

    def __init__(
        self, url: str, headers: Mapping[str, str], *, tenant: str, database: str, ids_a_request: int = 5_000
    ) -> None:
        self.ids_a_request = ids_a_request
        self._connection = ChromaConnection(url.rstrip("/").removesuffix(_VERSION) + _VERSION, headers)
        self._collections = f"/tenants/{_escaped(tenant)}/databases/{_escaped(database)}/collections"
        self._batch_size: int | None = None

    @classmethod
    def http(cls, url: str, token: str | None = None) -> "RestChroma":
        """Return a Chroma server at `url`; a token goes into both headers that proxies look at."""
        headers = {"x-chroma-token": token, "authorization": f"Bearer {token}"} if token else {}
        return cls(url, headers, tenant=_TENANT, database=_DATABASE)

    @classmethod
    def cloud(cls, host: str, *, api_key: str, tenant: str, database: str) -> "RestChroma":
        """Return Chroma Cloud; `host` may carry a port, and a scheme where it is not https."""
        url = host if "://" in host else f"https://{host}"
        headers = {"x-chroma-token": api_key}
        return cls(url, headers, tenant=tenant, database=database, ids_a_request=_CLOUD_IDS)

    def find(self, name: str, deadline: Deadline | None = None) -> "RestCollection":
        """Return the collection; raises `CollectionMissing` where there is none."""
        return self._collection(
            self._connection.send("GET", f"{self._collections}/{_escaped(name)}", deadline=deadline)
        )

    def create(self, name: str, metadata: Mapping[str, str | int]) -> "RestCollection":
        """Make a collection compared by cosine, or return the one that somebody else made first."""
        body = {"name": name, "metadata": dict(metadata), "configuration": COSINE}
        try:
            return self._collection(self._connection.send("POST", self._collections, body))
        except CollectionTaken:
            return self.find(name)

    def drop(self, name: str) -> None:
        """Remove a collection with everything in it; raises `CollectionMissing` where there is none."""
        self._connection.send("DELETE", f"{self._collections}/{_escaped(name)}")

    def batch_size(self) -> int:
        """Return how many items the server takes in one request, asked once."""
        if self._batch_size is None:
            checks = self._connection.send("GET", "/pre-flight-checks")
            with understanding():
                self._batch_size = max(1, int(checks["max_batch_size"]))
        return self._batch_size

    def close(self) -> None:
        """Close the connections; the next request opens another."""
        self._connection.close()

    def _collection(self, described: Any) -> "RestCollection":
        with understanding():
            path = f"{self._collections}/{_escaped(described['id'])}"
            return RestCollection(self._connection, path, dict(described["metadata"] or {}))


class RestCollection:
    """A collection known by its id; the `Collection` protocol."""

    def __init__(self, connection: ChromaConnection, path: str, metadata: Mapping[str, Any]) -> None:
        self._connection = connection
        self._path = path
        self.metadata = metadata

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items."""
        self._post("upsert", columns_of(items))

    def query(self, embedding: Sequence[float], limit: int, where: Filter | None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that `where` lets through."""
        body = {"query_embeddings": [list(embedding)], "n_results": limit, "include": HIT_COLUMNS}
        answer = self._post("query", {**body, "where": condition_of(where)})
        with understanding():
            return hits_of(answer)

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in any order."""
        answer = self._post("get", {"ids": list(ids), "include": ITEM_COLUMNS})
        with understanding():
            return items_of(answer)

    def ids(self, where: Filter | None, *, limit: int, offset: int) -> list[str]:
        """Return one page of the ids of the items that `where` lets through."""
        body = {"limit": limit, "offset": offset, "include": [], "where": condition_of(where)}
        answer = self._post("get", body)
        with understanding():
            return list(answer["ids"])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""
        self._post("delete", {"ids": list(ids)})

    def count(self, deadline: Deadline) -> int:
        """Return how many items there are, or fail by the deadline."""
        answer = self._connection.send("GET", f"{self._path}/count", deadline=deadline)
        with understanding():
            return int(answer)

    def _post(self, verb: str, body: Mapping[str, Any]) -> Any:
        return self._connection.send("POST", f"{self._path}/{verb}", body)


def _escaped(part: str) -> str:
    return quote(part, safe="")
