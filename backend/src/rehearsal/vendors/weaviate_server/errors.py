"""How the stand-in says no."""


class Rejected(Exception):
    """What Weaviate itself would refuse, in words like its own; `status` is what its REST API answers."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


class Untaught(Exception):
    """What Weaviate may well do, and the stand-in was never taught: it fails loudly rather than guess."""
