"""A bucket that outlives its AWS: real processes, stopped and started on one folder."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from deployment.children import Children
from rehearsal.aws import LocalAws

FILM = bytes(range(256)) * 100
Run = Callable[[], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where objects are kept."""
    return tmp_path / "s3"


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Run:
    """Return a context: an S3 client of a local AWS that keeps the bucket `films` and ends in good order."""

    @contextmanager
    def started() -> Iterator[Any]:
        with Children() as children:
            options = ["--bucket", "films", str(folder)]
            aws = LocalAws.start(children, log=tmp_path / "aws.log", options=options)
            aws.wait()
            yield boto3.client(
                "s3",
                endpoint_url=aws.url,
                region_name="us-east-1",
                aws_access_key_id="laptop",
                aws_secret_access_key="laptop",
                config=Config(signature_version="s3v4"),
            )

    return started


def keys(s3: Any) -> list[str]:
    """Return what is in the bucket."""
    return [one["Key"] for one in s3.list_objects_v2(Bucket="films").get("Contents", [])]


class TestKeeping:
    """From one run to the next."""

    def test_objects_come_back(self, run: Run) -> None:
        """Content, type, metadata and the time of writing."""
        with run() as s3:
            s3.put_object(
                Bucket="films", Key="videos/a b/ü.mp4", Body=FILM, ContentType="video/mp4", Metadata={"k": "v"}
            )
            before = s3.head_object(Bucket="films", Key="videos/a b/ü.mp4")
        with run() as s3:
            after = s3.get_object(Bucket="films", Key="videos/a b/ü.mp4")
            assert FILM == after["Body"].read()
        assert ("video/mp4", {"k": "v"}) == (after["ContentType"], after["Metadata"])
        assert (before["LastModified"], before["ETag"]) == (after["LastModified"], after["ETag"])

    def test_what_was_removed_stays_away(self, run: Run, folder: Path) -> None:
        """Its content goes too, once no object has it."""
        with run() as s3:
            for key in ("one", "same", "other"):
                s3.put_object(Bucket="films", Key=key, Body=b"other" if key == "other" else FILM)
        with run() as s3:
            s3.delete_object(Bucket="films", Key="one")
            s3.delete_object(Bucket="films", Key="other")
        with run() as s3:
            assert ["same"] == keys(s3)
        assert 1 == len(list((folder / "content").iterdir()))

    def test_nothing_leaves_nothing(self, run: Run, folder: Path) -> None:
        """An unused bucket makes no folder."""
        with run() as s3:
            assert [] == keys(s3)
        assert not folder.exists()


class TestDamage:
    """What a crash or a hand may have done to the folder."""

    @pytest.fixture
    def kept(self, run: Run, folder: Path) -> Path:
        """Return a folder that keeps two objects."""
        with run() as s3:
            s3.put_object(Bucket="films", Key="sound", Body=b"sound")
            s3.put_object(Bucket="films", Key="hurt", Body=FILM)
        return folder

    @pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(FILM[:-1])])
    def test_of_a_content(self, kept: Path, run: Run, tmp_path: Path, damage: Callable[[Path], object]) -> None:
        """The others come back, and the log names the one that does not."""
        entries = {entry["key"]: entry for entry in json.loads((kept / "index.json").read_text())}
        damage(kept / "content" / entries["hurt"]["sha256"])
        with run() as s3:
            assert ["sound"] == keys(s3)
        assert "'hurt' could not be put back into films" in (tmp_path / "aws.log").read_text()

    @pytest.mark.parametrize("index", ["", "{", "{}", "[1, {}]", '[{"key": "x", "sha256": "../../etc/passwd"}]'])
    def test_of_the_index(self, kept: Path, run: Run, index: str) -> None:
        """The bucket begins empty, and works."""
        (kept / "index.json").write_text(index)
        with run() as s3:
            assert [] == keys(s3)
            s3.put_object(Bucket="films", Key="new", Body=b"new")
        with run() as s3:
            assert ["new"] == keys(s3)
