"""`python -m deployment.image` builds the image: status 0 when it is there, 1 with the reason when not."""

import os
import sys
from collections.abc import Mapping

from deployment.image.builder import Build, build
from deployment.image.errors import ImageError
from deployment.image.mirror import Mirror
from deployment.progress import say


def main(environ: Mapping[str, str]) -> int:
    """Build; return the exit status."""
    checkout = Build.of_checkout()
    try:
        build(checkout, Mirror.of(environ))
    except ImageError as error:
        say(sys.stderr, f"image: {error}")
        return 1
    say(sys.stdout, f"image: {checkout.tag}")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
