"""Chroma behind the port: one index, two ways to the engine. The embedded one is imported from its own module."""

from coachwork.chassis.vectors.chroma.engine import Chroma
from coachwork.chassis.vectors.chroma.index import ChromaIndex
from coachwork.chassis.vectors.chroma.rest import RestChroma

__all__ = ["Chroma", "ChromaIndex", "RestChroma"]
