"""The container image, built as it is deployed: with Docker, or with buildah where no Docker engine answers."""

from deployment.image.builder import BASE, Build, Buildah, build, has_docker
from deployment.image.content import Content, Layer
from deployment.image.errors import ImageError
from deployment.image.mirror import Mirror

__all__ = ["BASE", "Build", "Buildah", "Content", "ImageError", "Layer", "Mirror", "build", "has_docker"]
