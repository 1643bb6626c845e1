"""The image's parts that need no builder; `make image-proof` builds it and lets it answer."""

import io
import json
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deployment.image import Content, ImageError
from deployment.image.builder import Build
from deployment.image.mirror import Mirror
from rehearsal.image.proof import require_clean, require_same
from rehearsal.image.python import find_python
from rehearsal.image.standin import pins

_BASE = {"bin/sh": b"sh", "var/lang/lib/python3.12/test/data.pem": b"AWS's own"}
_OURS = {"var/task/coachwork/main.py": b"app", "var/task/coachwork/__pycache__/main.cpython-312.pyc": b"code"}


def _layout(folder: Path, *layers: dict[str, bytes]) -> Path:
    """Write an image as a registry would get it, one layer for each dictionary of paths and contents."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(data: bytes) -> dict[str, Any]:
        name = sha256(data).hexdigest()
        (blobs / name).write_bytes(data)
        return {"digest": f"sha256:{name}", "size": len(data)}

    def archive(files: dict[str, bytes]) -> bytes:
        written = io.BytesIO()
        with tarfile.open(fileobj=written, mode="w:gz") as target:
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                target.addfile(member, io.BytesIO(data))
        return written.getvalue()

    history = [{"created_by": f"step {number}"} for number in range(len(layers))]
    described = {
        "config": {"Env": ["LANG=en_US.UTF-8"], "Cmd": ["coachwork.aws_lambda.handler"]},
        "history": [*history, {"created_by": "CMD", "empty_layer": True}],
    }
    manifest = {"config": put(json.dumps(described).encode()), "layers": [put(archive(files)) for files in layers]}
    (folder / "index.json").write_text(json.dumps({"manifests": [put(json.dumps(manifest).encode())]}))
    return folder


class TestContent:
    """Reading an image."""

    def test_tells_each_layer(self, tmp_path: Path) -> None:
        """A layer has its maker, its size and its paths; a step that adds no files is none."""
        content = Content.read(_layout(tmp_path, _BASE, _OURS))

        assert [("step 0", 11, tuple(_BASE)), ("step 1", 7, tuple(_OURS))] == [
            (layer.made_by, layer.file_bytes, layer.paths) for layer in content.layers
        ]

    def test_tells_the_variables(self, tmp_path: Path) -> None:
        """What the image sets is told by name."""
        assert {"LANG": "en_US.UTF-8"} == Content.read(_layout(tmp_path, _BASE)).environment


class TestRequireClean:
    """What must not be in our layers."""

    def test_takes_what_belongs(self, tmp_path: Path) -> None:
        """Our compiled source passes, whatever AWS's base holds."""
        require_clean(Content.read(_layout(tmp_path, _BASE, _OURS)))

    @pytest.mark.parametrize(
        "path",
        [
            "var/task/simplejson/tests/test_decode.pyc",
            "var/task/rehearsal/trim.pyc",
            "var/task/signing.pem",
            "var/task/.env",
            "root/.cache/pip/http",
            "run/secrets/pip.conf",
            "usr/bin/gcc",
        ],
    )
    def test_refuses(self, tmp_path: Path, path: str) -> None:
        """Tests, stage, secrets, caches and compilers are named and refused."""
        content = Content.read(_layout(tmp_path, _BASE, {**_OURS, path: b""}))

        with pytest.raises(ImageError, match=path.rpartition("/")[2]):
            require_clean(content)

    def test_refuses_source_without_byte_code(self, tmp_path: Path) -> None:
        """A module that each cold start would compile is named."""
        content = Content.read(_layout(tmp_path, _BASE, {**_OURS, "var/task/slow.py": b""}))

        with pytest.raises(ImageError, match=r"Not byte-compiled: var/task/slow"):
            require_clean(content)


class TestRequireSame:
    """Comparing two builds."""

    def test_names_the_layer(self, tmp_path: Path) -> None:
        """The step that came out otherwise is named."""
        one = Content.read(_layout(tmp_path / "one", _BASE, _OURS))
        other = Content.read(_layout(tmp_path / "other", _BASE, {**_OURS, "var/task/now": b"12:00"}))

        with pytest.raises(ImageError, match=r"differ: step 1$"):
            require_same(one, other)


class TestMirror:
    """The way to PyPI."""

    def test_takes_what_the_build_can_reach(self, tmp_path: Path) -> None:
        """Addresses are kept, folders of this machine left out; a variable wins over a file."""
        told = tmp_path / "pip.conf"
        told.write_text(
            "[global]\nindex-url = https://a.test/simple\nextra-index-url = file:///a https://b.test\nfind-links = /c\n"
        )
        environ = {"HOME": str(tmp_path), "PIP_CONFIG_FILE": str(told), "PIP_INDEX_URL": "https://c.test/simple"}

        options = Mirror.of(environ).options

        assert ("https://c.test/simple", "https://b.test") == (options["index-url"], options["extra-index-url"])
        assert "find-links" not in options

    def test_hands_over_secrets(self, tmp_path: Path) -> None:
        """The build gets a configuration that only we can read, and the certificates beside it."""
        bundle = tmp_path / "ca.pem"
        bundle.touch()

        arguments = Mirror({"index-url": "https://me:pass@a.test"}, bundle).secrets(tmp_path)

        written = tmp_path / "pip.conf"
        assert ["--secret", f"id=ca,src={bundle}", "--secret", f"id=pip,src={written}"] == arguments
        assert 0o600 == written.stat().st_mode & 0o777
        assert "index-url = https://me:pass@a.test\ncert = /run/secrets/ca.pem\n" in written.read_text()

    def test_needs_nothing(self, tmp_path: Path) -> None:
        """A machine that was told nothing uses what the base knows."""
        arguments = Mirror({}).secrets(tmp_path)

        written = tmp_path / "pip.conf"
        assert (["--secret", f"id=pip,src={written}"], "[global]\n") == (arguments, written.read_text())


class TestBuild:
    """What a build is given."""

    def test_fixes_time_and_revision(self) -> None:
        """A commit gives the same time and the same label, whenever it is built."""
        build = Build.of_checkout()

        assert Build.of_checkout() == build
        assert f"REVISION={build.revision}" in build.arguments()


class TestStandIn:
    """The stand-in's parts."""

    def test_finds_a_python(self) -> None:
        """This machine has one, 3.12 or that of the tests."""
        python = find_python()

        assert python.version in {"3.12", f"{sys.version_info.major}.{sys.version_info.minor}"}
        assert (python.library / "os.py").exists()

    def test_pins_as_the_lock_does(self) -> None:
        """The base's runtime client is the very version the image has, with its hashes."""
        lock = "awslambdaric==4.2 \\\n    --hash=sha256:a\nboto3==1 \\\n    --hash=sha256:b\nsimplejson==3 ; x\n"

        assert "awslambdaric==4.2 \\\n    --hash=sha256:a\nsimplejson==3 ; x\n" == pins(
            lock, ["awslambdaric", "simplejson"]
        )
