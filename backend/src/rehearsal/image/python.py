"""Finds a Python on this machine that can take the place of the one in AWS's base."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deployment.image.errors import ImageError

_WANTED = "3.12"
_TELL = """
import ensurepip, json, os, sys, sysconfig, venv
told = {"version": sysconfig.get_python_version(), "prefix": sys.base_prefix, "stdlib": sysconfig.get_path("stdlib"),
        "executable": os.path.realpath(getattr(sys, "_base_executable", sys.executable))}
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Python:
    """An installed Python: `version` is major and minor, `library` the folder of its standard library."""

    executable: Path
    version: str
    prefix: Path
    library: Path

    @property
    def is_wanted(self) -> bool:
        """Whether it is of the version that AWS's base has."""
        return self.version == _WANTED


def find_python() -> Python:
    """Return Python 3.12 where the machine has one, else the one that runs this.

    Raises:
        ImageError: none of them can make an environment with pip.
    """
    found = [told for told in map(_ask, _candidates()) if told]
    if not found:
        raise ImageError("No Python here has ensurepip and venv (Debian and Ubuntu: apt install python3-venv).")
    return next((python for python in found if python.is_wanted), found[0])


def _candidates() -> Iterable[Path]:
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    named = shutil.which(f"python{_WANTED}")
    yield from ([Path(named)] if named else [])
    yield from sorted(home.glob(f"versions/{_WANTED}.*/bin/python{_WANTED}"), reverse=True)
    yield Path(sys.executable)


def _ask(candidate: Path) -> Python | None:
    asked = subprocess.run([str(candidate), "-I", "-c", _TELL], capture_output=True, text=True, check=False)
    if asked.returncode:
        return None
    told = json.loads(asked.stdout)
    return Python(Path(told["executable"]), told["version"], Path(told["prefix"]), Path(told["stdlib"]))
