"""Leaves out of the image's packages what nothing imports: `PYTHON trim.py [FOLDER]`; its own packages by default.

A program by itself (the standard library alone), so that the Dockerfile can run it as well as the Makefile.
"""

import shutil
import sys
import sysconfig
from pathlib import Path

LEFT_OUT = {
    "PIL": "lets-plot reads photographs with it; charts have none",
    "build/lib/palettable": "a second copy of the package beside it",
    "certifi/tests": "the package's own tests",
    "pillow.libs": "see PIL",
    "simplejson/tests": "the package's own tests",
    "test": "palettable's own tests, beside the packages",
    "zstandard/_cffi*": "a second build of the same library, for PyPy",
}
"""Patterns under site-packages, and why each may go."""


def trim(packages: Path) -> None:
    """Remove `LEFT_OUT` from `packages`; done twice, it does nothing."""
    for pattern in LEFT_OUT:
        for path in sorted(packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


if __name__ == "__main__":
    trim(Path(sys.argv[1] if len(sys.argv) > 1 else sysconfig.get_path("platlib")))
