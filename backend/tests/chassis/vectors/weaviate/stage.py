"""What tests of the way to Weaviate share."""

from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate

API_KEY = "key-of-the-tests"
EAST, NORTH = (1.0, 0.0), (0.0, 1.0)


def index_on(weaviate: Weaviate, embedder: str = "compass-1") -> WeaviateIndex:
    """Return an index on the one collection."""
    return WeaviateIndex(weaviate, "passages", embedder=embedder, dimensions=2)
