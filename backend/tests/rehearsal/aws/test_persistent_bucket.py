"""A bucket that outlives its AWS: real processes, stopped and started on one folder."""

import json
import shutil
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


@contextmanager
def started(log: Path, **buckets: Path) -> Iterator[Any]:
    """Yield an S3 client of a local AWS that keeps each bucket in its folder and ends in good order."""
    with Children() as children:
        options = [part for name, folder in buckets.items() for part in ("--bucket", name, str(folder))]
        aws = LocalAws.start(children, log=log, options=options)
        aws.wait()
        yield boto3.client(
            "s3",
            endpoint_url=aws.url,
            region_name="us-east-1",
            aws_access_key_id="laptop",
            aws_secret_access_key="laptop",
            config=Config(signature_version="s3v4"),
        )


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Run:
    """Return a context: an S3 client of a local AWS that keeps the bucket `films` and ends in good order."""
    return lambda: started(tmp_path / "aws.log", films=folder)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that keeps two objects; tests take copies."""
    place = tmp_path_factory.mktemp("kept")
    with started(place / "aws.log", films=place / "s3") as s3:
        s3.put_object(Bucket="films", Key="sound", Body=b"sound")
        s3.put_object(Bucket="films", Key="hurt", Body=FILM)
    return place / "s3"


def keys(s3: Any, bucket: str = "films") -> list[str]:
    """Return what is in a bucket."""
    return [one["Key"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


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

    def test_of_a_content(self, kept: Path, tmp_path: Path) -> None:
        """One that is gone, one that is cut off: the others come back, and the log names the one that does not."""
        gone, cut = (Path(shutil.copytree(kept, tmp_path / name)) for name in ("gone", "cut"))
        [hurt] = [one["sha256"] for one in json.loads((kept / "index.json").read_text()) if "hurt" == one["key"]]
        (gone / "content" / hurt).unlink()
        (cut / "content" / hurt).write_bytes(FILM[:-1])
        with started(tmp_path / "aws.log", gone=gone, cut=cut) as s3:
            assert [["sound"], ["sound"]] == [keys(s3, bucket) for bucket in ("gone", "cut")]
        log = (tmp_path / "aws.log").read_text()
        assert [] == [name for name in ("gone", "cut") if f"'hurt' could not be put back into {name}" not in log]

    def test_of_the_index(self, kept: Path, tmp_path: Path) -> None:
        """Whatever it says, the bucket begins empty, and works."""
        indexes = ["", "{", "{}", "[1, {}]", '[{"key": "x", "sha256": "../../etc/passwd"}]']
        folders = {f"films{n}": Path(shutil.copytree(kept, tmp_path / str(n))) for n in range(len(indexes))}
        for folder, index in zip(folders.values(), indexes, strict=True):
            (folder / "index.json").write_text(index)
        with started(tmp_path / "aws.log", **folders) as s3:
            assert {name: [] for name in folders} == {name: keys(s3, name) for name in folders}
            for name in folders:
                s3.put_object(Bucket=name, Key="new", Body=b"new")
        with started(tmp_path / "aws.log", **folders) as s3:
            assert {name: ["new"] for name in folders} == {name: keys(s3, name) for name in folders}
