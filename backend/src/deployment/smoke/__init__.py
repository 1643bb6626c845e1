"""The smoke test: a front end's day against any deployment, over HTTP alone; what it makes, it removes."""

from deployment.smoke.outcome import BadUrl, Check, Options, Outcome
from deployment.smoke.run import smoke

__all__ = ["BadUrl", "Check", "Options", "Outcome", "smoke"]
