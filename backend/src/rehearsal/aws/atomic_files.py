"""Files that are written as a whole or not at all, and what is said when one cannot be."""

import os
import sys
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file; whoever is killed meanwhile leaves the old one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def warn(text: str) -> None:
    """Say on standard error what was lost."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
