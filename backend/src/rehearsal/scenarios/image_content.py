"""What the image holds, laid out as in the image: its packages, its source alone, its command, a digest for it."""

import compileall
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.workspace import PROJECT

_STEP = "Image packages"
PYTHON = PROJECT / ".venv-image" / "bin" / "python"
BACKEND = PROJECT / "backend"
_COMMAND = re.compile(r'^CMD (\[".+"\])$', re.MULTILINE)
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class ImageContent:
    """The image's content on this disk.

    Args:
        python: the interpreter that has its packages.
        code: the folder its handlers lie in.
        command: the handler its CMD names.
        manifest: an image's manifest, which names all that goes into it by one hash and has no layers.
    """

    python: Path
    code: Path
    command: str
    manifest: str

    @property
    def digest(self) -> str:
        """The image's digest, `sha256:...`: its manifest's hash, as in every registry."""
        return f"sha256:{hashlib.sha256(self.manifest.encode()).hexdigest()}"


def lay_out(folder: Path, backend: Path = BACKEND, python: Path = PYTHON) -> ImageContent:
    """Return the image's content, its source copied below `folder` and byte-compiled.

    Raises:
        StepFailed: the interpreter has other packages than the image's lock file says, or the Dockerfile no CMD.
    """
    lock = backend / "requirements-image.lock"
    _require_packages(python, lock)
    source = backend / "src" / "coachwork"
    shutil.copytree(source, folder / "coachwork", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder, quiet=2)
    command = _COMMAND.search((backend / "Dockerfile").read_text())
    if command is None:
        raise StepFailed(_STEP, "backend/Dockerfile names no CMD in its JSON form")
    content = hashlib.sha256()
    for path in (backend / "Dockerfile", lock, *sorted(source.rglob("*"))):
        if path.is_file() and "__pycache__" not in path.parts:
            content.update(path.relative_to(backend).as_posix().encode() + b"\0" + path.read_bytes())
    return ImageContent(python, folder, json.loads(command[1])[0], _manifest(f"sha256:{content.hexdigest()}"))


def _manifest(content_digest: str) -> str:
    """Return a manifest by the OCI's image specification."""
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": content_digest, "size": 0}
    kind = "application/vnd.oci.image.manifest.v1+json"
    return json.dumps({"schemaVersion": 2, "mediaType": kind, "config": config, "layers": []})


def _require_packages(python: Path, lock: Path) -> None:
    """Nothing of the laptop's is there; what is missing, the functions' own start tells."""
    if not python.exists():
        raise StepFailed(_STEP, "there is no .venv-image: make image-environment")
    program = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    told = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=True)
    there = {_normal(name) for name in told.stdout.split()}
    wanted = {_normal(f"{name}=={version}") for name, version in _PIN.findall(lock.read_text())}
    if strange := there - wanted:
        raise StepFailed(_STEP, f".venv-image has what the image has not: {', '.join(sorted(strange))}")


def _normal(requirement: str) -> str:
    name, _, version = requirement.partition("==")
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"
