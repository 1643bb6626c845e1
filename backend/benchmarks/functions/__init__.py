"""The functions ours is measured against."""
