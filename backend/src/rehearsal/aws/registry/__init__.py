"""The registry behind ECR: images are pushed to the local AWS and pulled from it, and ECR knows them."""

from rehearsal.aws.registry.api import Registry

__all__ = ["Registry"]
