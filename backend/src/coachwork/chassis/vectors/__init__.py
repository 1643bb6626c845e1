"""Vector indexes behind one port."""

from coachwork.chassis.vectors.port import Hit, Item, VectorIndex

__all__ = ["Hit", "Item", "VectorIndex"]
