"""The local AWS: moto's server, its gaps closed, and roles held to their policies."""

from rehearsal.aws.process import LocalAws

__all__ = ["LocalAws"]
