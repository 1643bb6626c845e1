"""Vector indexes behind one port."""

from coachwork.chassis.vectors.port import Filter, Hit, Item, VectorIndex

__all__ = ["Filter", "Hit", "Item", "VectorIndex"]
