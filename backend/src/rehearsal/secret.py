"""Secrets made once and kept in files of our own."""

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
    """Return the secret in `path`; made now if there is none, whole or not at all, readable by its owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    secret = make().strip()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
        Path(name).rename(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return secret
