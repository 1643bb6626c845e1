"""The smoke test: a front end's day against any deployment, over HTTP alone; what it makes, it removes."""

from rehearsal.smoke.outcome import BadUrl, Check, Options, Outcome
from rehearsal.smoke.run import smoke

__all__ = ["BadUrl", "Check", "Options", "Outcome", "smoke"]
