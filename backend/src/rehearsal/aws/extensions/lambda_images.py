"""Lambda's images. Stock moto takes any image, whether ECR has it or not."""

import re

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.ecr.models import ecr_backends

_URI = re.compile(
    r"(?P<account>\d+)\.dkr\.ecr\.(?P<region>[^.]+)\.[^/]+/(?P<name>[^:@]+)(?:@(?P<digest>.+)|:(?P<tag>.+))?"
)


def require_image(uri: str) -> None:
    """Return if ECR has the image, or does not know its repository at all: then it may be anybody's.

    Raises:
        InvalidParameterValueException: the repository is there, and has no such image.
    """
    found = _URI.fullmatch(uri)
    repositories = ecr_backends[found["account"]][found["region"]].repositories if found else {}
    if found is None or found["name"] not in repositories:
        return
    wanted = found["digest"] or found["tag"] or "latest"
    images = repositories[found["name"]].images
    if not any(wanted in {image.get_image_digest(), *image.image_tags} for image in images):
        raise InvalidParameterValueException(f"Source image {uri} does not exist. Provide a valid source image.")
