"""Starts and stops the stand-in, on free ports of 127.0.0.1, in this process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import grpc
from weaviate.proto.v1 import weaviate_pb2_grpc

from rehearsal.vendors.serving import StandInServer
from rehearsal.vendors.weaviate_server.rest import WeaviateRest, handler_of
from rehearsal.vendors.weaviate_server.rpc import WeaviateRpc
from rehearsal.vendors.weaviate_server.store import Store

_THREADS = 8


@dataclass(frozen=True)
class RunningWeaviate:
    """A started server: where it is, and what it was asked and never taught."""

    url: str
    grpc_url: str
    untaught: list[str] = field(default_factory=list)


@contextmanager
def running_weaviate(api_key: str | None = None) -> Iterator[RunningWeaviate]:
    """Yield a started server that lets in who brings `api_key`; stop it afterwards."""
    store, untaught = Store(), list[str]()
    rest = StandInServer(("127.0.0.1", 0), handler_of(WeaviateRest(store, api_key, untaught.append)))
    with _serving_rpc(WeaviateRpc(store, api_key, untaught.append)) as grpc_port, _serving(rest):
        yield RunningWeaviate(f"http://127.0.0.1:{rest.server_port}", f"http://127.0.0.1:{grpc_port}", untaught)


@contextmanager
def _serving(server: StandInServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def _serving_rpc(service: WeaviateRpc) -> Iterator[int]:
    with ThreadPoolExecutor(_THREADS) as pool:
        server: Any = grpc.server(pool)
        weaviate_pb2_grpc.add_WeaviateServicer_to_server(service, server)  # type: ignore[no-untyped-call]  # generated
        port: int = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield port
        finally:
            server.stop(grace=None).wait()
