"""Chroma behind the port: one adapter, three ways to connect."""

from coachwork.chassis.vectors.chroma.connection import ChromaConnection
from coachwork.chassis.vectors.chroma.index import ChromaIndex, EmbedderMismatch

__all__ = ["ChromaConnection", "ChromaIndex", "EmbedderMismatch"]
