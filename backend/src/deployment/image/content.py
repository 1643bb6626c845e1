"""What an image is made of, read from an OCI layout.

Source: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Layer:
    """One layer: what made it, its size on the way and on the disk, and the paths in it."""

    made_by: str
    digest: str
    transfer_bytes: int
    file_bytes: int
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """A whole image: its manifest's digest is what a deployment names."""

    digest: str
    configuration: dict[str, Any]
    layers: tuple[Layer, ...]

    @classmethod
    def read(cls, layout: Path) -> "Content":
        """Read the only image in `layout`."""
        digest = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
        manifest = json.loads(_blob(layout, digest).read_text())
        described = json.loads(_blob(layout, manifest["config"]["digest"]).read_text())
        made_by = [step.get("created_by", "") for step in described["history"] if not step.get("empty_layer")]
        layers = [_layer(layout, layer, maker) for layer, maker in zip(manifest["layers"], made_by, strict=True)]
        return cls(digest, described["config"], tuple(layers))

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the image sets."""
        return dict(variable.split("=", 1) for variable in self.configuration.get("Env", []))


def _layer(layout: Path, layer: dict[str, Any], made_by: str) -> Layer:
    with tarfile.open(_blob(layout, layer["digest"])) as archive:
        members = archive.getmembers()
    return Layer(
        made_by,
        layer["digest"],
        layer["size"],
        sum(member.size for member in members),
        tuple(member.name for member in members),
    )


def _blob(layout: Path, digest: str) -> Path:
    return layout / "blobs" / digest.replace(":", "/")
