"""A stand-in for Weaviate: a local server that speaks its wire protocol to its real client (docs/adr/0016)."""

from rehearsal.vendors.weaviate_server.running import RunningWeaviate, running_weaviate

__all__ = ["RunningWeaviate", "running_weaviate"]
