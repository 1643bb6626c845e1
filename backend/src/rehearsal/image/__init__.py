"""The container image: built as it is deployed, proven without a Docker engine and without AWS's base image.

python -m rehearsal.image build     # Docker, or buildah where no Docker engine answers
python -m rehearsal.image prove     # twice, on a stand-in for AWS's base; then its handler answers an event
"""

from rehearsal.image.builder import BASE, Build, Buildah, has_docker
from rehearsal.image.content import Content, Layer
from rehearsal.image.errors import ImageError
from rehearsal.image.proof import Proof, prove

__all__ = ["BASE", "Build", "Buildah", "Content", "ImageError", "Layer", "Proof", "has_docker", "prove"]
