"""Where Terraform's providers come from: its registry, or a mirror that lies on this disk.

A mirror is a folder HOST/hashicorp/aws/VERSION/PLATFORM, as `terraform providers mirror` makes one.
"""

import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

_NAMESPACE = "hashicorp"
_DEPTH = 3
_SYSTEM_FOLDERS = {"dev", "proc", "run", "sys"}
_CONFIGURATION = "TF_CLI_CONFIG_FILE"
_PATIENCE_SECONDS = 3.0


def without_missing_configuration(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ`, without a TF_CLI_CONFIG_FILE that names no file: Terraform would warn at every command."""
    named = environ.get(_CONFIGURATION)
    return {
        name: value for name, value in environ.items() if name != _CONFIGURATION or (named and Path(named).is_file())
    }


def provider_environment(
    environ: Mapping[str, str], lock_file: Path, work: Path, disk: Path = Path("/")
) -> dict[str, str]:
    """Return `environ` such that `terraform init` finds its providers, with what that takes kept in `work`.

    A configuration the user has stays as it is. Without one, the registry is asked (for 3 s); where it does not
    answer, a mirror on the `disk` is used; without one, nothing changes and `terraform init` says what it lacks.
    """
    environment = without_missing_configuration(environ)
    if _CONFIGURATION in environment:
        return environment
    work.mkdir(parents=True, exist_ok=True)
    if _registry_answers(lock_file):
        cache = work / "plugins"
        cache.mkdir(exist_ok=True)
        return {"TF_PLUGIN_CACHE_DIR": str(cache), **environment}
    mirror = next(mirrors(disk), None)
    if mirror is None:
        return environment
    configuration = work / "mirror.tfrc"
    _write_whole(
        configuration, f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror.as_posix()}"\n  }}\n}}\n'
    )
    return {**environment, _CONFIGURATION: str(configuration)}


def mirrors(disk: Path) -> Iterator[Path]:
    """Yield the folders not far below `disk` that hold a mirror of the AWS provider."""
    yield from _mirrors(disk, _DEPTH)


def _mirrors(folder: Path, depth: int) -> Iterator[Path]:
    for child in _folders(folder):
        if "." in child.name.strip(".") and (child / _NAMESPACE / "aws").is_dir():
            yield folder
            return
    if depth:
        for child in _folders(folder):
            yield from _mirrors(child, depth - 1)


def _folders(folder: Path) -> list[Path]:
    is_root = folder == Path(folder.anchor)
    try:
        with os.scandir(folder) as entries:
            return sorted(
                Path(entry.path)
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and not (is_root and entry.name in _SYSTEM_FOLDERS)
            )
    except OSError:  # not ours to read
        return []


def _registry_answers(lock_file: Path) -> bool:
    host = re.search(r'^provider "([^/"]+)/', lock_file.read_text(), re.MULTILINE)
    if host is None:
        return False
    try:
        urllib.request.urlopen(f"https://{host[1]}/.well-known/terraform.json", timeout=_PATIENCE_SECONDS).close()
    except (urllib.error.URLError, TimeoutError, OSError):
        return False
    return True


def _write_whole(path: Path, text: str) -> None:
    """Write `path` so that somebody who reads it at the same moment sees all of it or what was there before."""
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(path)
