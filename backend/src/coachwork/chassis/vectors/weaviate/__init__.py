"""Weaviate behind the port, through its own client, which importing this imports: only who is set to use it may."""

from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate

__all__ = ["Weaviate", "WeaviateIndex"]
