"""A Weaviate server, or Weaviate Cloud, spoken to through its own client over HTTP (the schema) and gRPC (the rest)."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from urllib.parse import urlsplit

import httpx
from weaviate import WeaviateClient
from weaviate.classes.init import AdditionalConfig, Auth, GrpcConfig, Timeout
from weaviate.connect import ConnectionParams
from weaviate.exceptions import (
    UnexpectedStatusCodeError,
    WeaviateBaseError,
    WeaviateInsertManyAllFailedError,
    WeaviateInvalidInputError,
    WeaviateTimeoutError,
)

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.collections import CollectionMissing
from coachwork.chassis.vectors.weaviate.addresses import grpc_url_of
from coachwork.chassis.vectors.weaviate.calls import BoundedConnectionParams, WeaviateRefusal, bounded

_ANSWER_SECONDS = 10.0
_IDLE_MILLISECONDS = 60_000
_STRANGE = "The vector index's address does not answer as Weaviate does"


class Weaviate:
    """A way to a server, opened at first use; safe to share by threads.

    Args:
        url: of its REST API, without a path.
        grpc_url: of its gRPC API; where the vendor puts it unless said.
        api_key: sent with every request, where the server wants one.
        answer_seconds: how long it may take to answer a request; to connect to its REST API, the client gives it 5 s.
    """

    def __init__(
        self,
        url: str,
        *,
        grpc_url: str | None = None,
        api_key: str | None = None,
        answer_seconds: float = _ANSWER_SECONDS,
    ) -> None:
        self._url = url
        self._answer_seconds = answer_seconds
        self._grpc_url = grpc_url or grpc_url_of(url)
        self._api_key = api_key
        self._lock = Lock()
        self._client: WeaviateClient | None = None

    @contextmanager
    def use(self, deadline: Deadline | None = None) -> Iterator[WeaviateClient]:
        """Yield the client; its gRPC calls end by the deadline.

        Raises:
            CollectionMissing: the server has no such collection.
            WeaviateRefusal: it has another reason not to do as asked.
            VectorIndexUnavailable: whatever else went wrong.
        """
        client = self._opened()
        with _failures(), bounded(deadline or self._answer_seconds):
            yield client

    def close(self) -> None:
        """Close the connections; the next use opens others."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _opened(self) -> WeaviateClient:
        with self._lock:
            if self._client is None:
                self._client = self._open()
            return self._client

    def _open(self) -> WeaviateClient:
        client = WeaviateClient(
            _params(self._url, self._grpc_url),
            auth_client_secret=Auth.api_key(self._api_key) if self._api_key else None,
            additional_config=AdditionalConfig(
                timeout=Timeout(query=self._answer_seconds, insert=self._answer_seconds),
                grpc_config=GrpcConfig(channel_options=[("grpc.client_idle_timeout_ms", _IDLE_MILLISECONDS)]),
            ),
            skip_init_checks=True,  # they ask PyPI whether there is a newer client
        )
        # of what a server would not store it logs the whole objects, with their texts
        logging.getLogger("weaviate-client").disabled = True
        with ExitStack() as undo:
            undo.callback(client.close)
            _connect(client)
            undo.pop_all()
        return client


def _connect(client: WeaviateClient) -> None:
    try:
        with _failures():
            client.connect()
    except (CollectionMissing, WeaviateRefusal) as error:
        raise VectorIndexUnavailable(_STRANGE) from error


def _params(url: str, grpc_url: str) -> ConnectionParams:
    http, grpc = urlsplit(url), urlsplit(grpc_url)
    return BoundedConnectionParams.from_params(
        http_host=http.hostname or "",
        http_port=http.port or (443 if http.scheme == "https" else 80),
        http_secure=http.scheme == "https",
        grpc_host=grpc.hostname or "",
        grpc_port=grpc.port or (443 if grpc.scheme == "https" else 80),
        grpc_secure=grpc.scheme == "https",
    )


@contextmanager
def _failures() -> Iterator[None]:
    """Turn whatever the client raises into ours; what it does not expect comes out of it as all kinds of things."""
    try:
        yield
    except UnexpectedStatusCodeError as error:
        raise _by_status(error) from error
    except (WeaviateInsertManyAllFailedError, WeaviateInvalidInputError) as error:
        raise WeaviateRefusal(str(error)) from error
    except (WeaviateTimeoutError, httpx.TimeoutException) as error:
        raise VectorIndexUnavailable("The vector index did not answer in time") from error
    except (WeaviateBaseError, httpx.HTTPError) as error:
        raise VectorIndexUnavailable from error
    except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise VectorIndexUnavailable(_STRANGE) from error


def _by_status(error: UnexpectedStatusCodeError) -> Exception:
    if error.status_code in {401, 403}:
        return VectorIndexUnavailable("The vector index refused the credentials")
    if error.status_code == 404:
        return CollectionMissing()
    if error.status_code >= 500:
        return VectorIndexUnavailable()
    return WeaviateRefusal(f"status {error.status_code}: {error.error}")
