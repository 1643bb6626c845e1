"""The container image, proven without a Docker engine and without AWS's base image.

python -m rehearsal.image     # built twice on a stand-in for AWS's base; then its handler answers an event
"""

from rehearsal.image.proof import Proof, prove

__all__ = ["Proof", "prove"]
