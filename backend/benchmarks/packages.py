"""Size of the image's packages, byte-compiled, and why the largest stay."""

import json
from collections import Counter
from importlib.metadata import distributions
from importlib.util import source_from_cache
from pathlib import Path

from benchmarks.figures import Section, Target
from benchmarks.image_environment import interpreter
from deployment.image.trim import LEFT_OUT

REASONS: dict[str, str] = json.loads(Path(__file__).with_name("packages.json").read_text())
_LARGEST = 10
_MB = 1_000_000
_NOTE = "Files with their byte code, in millions of bytes, Python {version}. Left out of the image: {left_out}.{laptop}"
_LAPTOP = " These are the laptop's packages: run `make image-environment` first."


def measure() -> Section:
    """Add up what lies in the environment, file by file."""
    sizes = sizes_bytes(interpreter().packages)
    total_mb = sum(sizes.values()) / _MB
    largest = sizes.most_common(_LARGEST)
    rows = [(name, f"{size / _MB:.1f}", REASONS.get(name, "")) for name, size in largest]
    rest = len(sizes) - len(largest)
    rows.append((f"{rest} others", f"{total_mb - sum(size for _, size in largest) / _MB:.1f}", ""))
    rows.append(("together", f"{total_mb:.1f}", ""))
    note = _NOTE.format(
        version=interpreter().version,
        left_out=", ".join(LEFT_OUT),
        laptop="" if interpreter().is_image else _LAPTOP,
    )
    return Section(
        key="packages",
        title="Installed packages",
        note=note,
        columns=("package", "MB", "why it stays"),
        rows=rows,
        figures={"total_mb": total_mb, "mb": {name: size / _MB for name, size in sizes.most_common()}},
        targets=[Target("packages", total_mb, 250, "MB")],
    )


def sizes_bytes(packages: Path) -> "Counter[str]":
    """Return the size of each distribution in `packages`, its byte code counted to it."""
    owners = {
        packages / file: normalised(distribution.name)
        for distribution in distributions(path=[str(packages)])
        for file in distribution.files or []
    }
    sizes: Counter[str] = Counter()
    for path in packages.rglob("*"):
        if path.is_file():
            source = Path(source_from_cache(str(path))) if path.suffix == ".pyc" else path
            sizes[owners.get(source, "belongs to none")] += path.stat().st_size
    return sizes


def normalised(name: str) -> str:
    """Return a distribution's name as lock files write it."""
    return name.lower().replace("_", "-").replace(".", "-")
