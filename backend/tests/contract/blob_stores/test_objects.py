"""One contract for every object store: S3, as the local AWS plays it, with the rights of the deployed function."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from botocore.session import get_session
from tests.object_store import FILM, FILM_KEY, REGION, ObjectStage, statements

from coachwork.chassis.blobs import BlobStore
from coachwork.chassis.blobs.s3 import S3BlobStore, s3_client
from coachwork.chassis.errors import ObjectStoreUnavailable, PayloadTooLarge


class TestDescribe:
    """What is there, without fetching it."""

    def test_of_an_object(self, stage: ObjectStage, store: BlobStore) -> None:
        """Size, type and the aware time of its last write."""
        stage.put(FILM_KEY, FILM, "video/webm")

        found = store.describe(FILM_KEY)
        assert found is not None
        assert (FILM_KEY, len(FILM), "video/webm") == (found.key, found.size_bytes, found.content_type)
        assert timedelta(0) <= datetime.now(UTC) - found.updated_at < timedelta(minutes=5)

    def test_of_nothing(self, store: BlobStore) -> None:
        """An absent object is None, though the role may list but one prefix."""
        assert store.describe(FILM_KEY) is None

    def test_of_the_beginning_of_a_key(self, stage: ObjectStage, store: BlobStore) -> None:
        """A longer key is another object."""
        stage.put(f"{FILM_KEY}.old")

        assert store.describe(FILM_KEY) is None

    def test_of_a_key_with_odd_characters(self, stage: ObjectStage, store: BlobStore) -> None:
        """Spaces, percent signs and letters of any script are part of a key."""
        stage.put("videos/Kniebeuge tief 100%25 ü+.mp4")

        assert store.describe("videos/Kniebeuge tief 100%25 ü+.mp4") is not None


class TestPage:
    """Lists by key."""

    def test_keeps_to_the_prefix(self, stage: ObjectStage, store: BlobStore) -> None:
        """Other keys are not listed."""
        for key in ("videos/b", "videos/a", "else/c"):
            stage.put(key, b"12345")

        page = store.page("videos/", limit=10)
        assert [("videos/a", 5), ("videos/b", 5)] == [(blob.key, blob.size_bytes) for blob in page.blobs]
        assert page.next_after is None

    def test_pages_cover_everything_once(self, stage: ObjectStage, store: BlobStore) -> None:
        """Each page begins where the last one ended."""
        keys = [f"videos/{number}" for number in range(5)]
        for key in keys:
            stage.put(key)
        found, after = [], None
        while True:
            page = store.page("videos/", after=after, limit=2)
            found += [blob.key for blob in page.blobs]
            after = page.next_after
            if after is None:
                break
        assert keys == found

    def test_of_nothing(self, store: BlobStore) -> None:
        """An empty list is the last page."""
        page = store.page("videos/", limit=10)
        assert ([], None) == (list(page.blobs), page.next_after)


class TestRead:
    """Whole contents."""

    @pytest.mark.parametrize("content", [FILM, b"", b"\x1f\x8b\x08\x00 not really gzip"])
    def test_what_was_written(self, store: BlobStore, content: bytes) -> None:
        """Byte by byte."""
        store.write(FILM_KEY, content, "application/octet-stream")
        assert content == store.read(FILM_KEY, len(content))

    def test_of_nothing(self, store: BlobStore) -> None:
        """An absent object is None."""
        assert store.read(FILM_KEY, 10) is None

    def test_of_more_than_is_wanted(self, stage: ObjectStage, store: BlobStore) -> None:
        """One byte too many is refused before it is read."""
        stage.put(FILM_KEY, b"12345")
        with pytest.raises(PayloadTooLarge):
            store.read(FILM_KEY, 4)


class TestWrite:
    """Storing what one has."""

    def test_says_what_it_is(self, store: BlobStore) -> None:
        """The type is kept."""
        store.write(FILM_KEY, FILM, "video/webm")
        found = store.describe(FILM_KEY)
        assert found is not None
        assert (len(FILM), "video/webm") == (found.size_bytes, found.content_type)

    def test_replaces(self, store: BlobStore) -> None:
        """The last one wins."""
        for content in (b"first", b"second"):
            store.write(FILM_KEY, content, "text/plain")
        assert b"second" == store.read(FILM_KEY, 100)


class TestDelete:
    """Removal."""

    def test_removes(self, stage: ObjectStage, store: BlobStore) -> None:
        """It is gone."""
        stage.put(FILM_KEY)
        store.delete(FILM_KEY)
        assert store.describe(FILM_KEY) is None

    def test_of_nothing_is_fine(self, store: BlobStore) -> None:
        """What is gone may be removed again."""
        store.delete(FILM_KEY)
        assert store.describe(FILM_KEY) is None


class TestDeletePrefix:
    """Removal of many."""

    def test_removes_those_and_no_others(self, stage: ObjectStage, store: BlobStore) -> None:
        """And says how many there were."""
        for key in ("videos/u/1", "videos/u/2", "videos/v/1"):
            stage.put(key)

        assert 2 == store.delete_prefix("videos/u/")
        assert ["videos/v/1"] == stage.keys()

    def test_removes_more_than_one_request_does(self, stage: ObjectStage) -> None:
        """A thousand at a time."""
        for number in range(1_003):
            stage.put(f"videos/u/{number}", b"")

        assert 1_003 == stage.store.delete_prefix("videos/u/")
        assert [] == stage.keys()

    def test_of_a_role_that_may_not(self, stage: ObjectStage) -> None:
        """What stays is not counted as gone."""
        stage.put("videos/u/1")
        reader = stage.as_role(*[one for one in statements(stage.bucket) if one["Action"] != "s3:DeleteObject"])

        with pytest.raises(ObjectStoreUnavailable):
            reader.delete_prefix("videos/u/")


class TestFailures:
    """What the deployment got wrong is a 503 and a line in the log, never a 500."""

    @pytest.mark.parametrize(
        "use",
        [
            lambda store: store.describe(FILM_KEY),
            lambda store: store.read(FILM_KEY, 10),
            lambda store: store.write(FILM_KEY, b"", "text/plain"),
            lambda store: store.page("videos/", limit=1),
            lambda store: store.delete(FILM_KEY),
        ],
        ids=["describe", "read", "write", "page", "delete"],
    )
    def test_a_role_without_rights(
        self, stage: ObjectStage, use: Callable[[BlobStore], object], caplog: pytest.LogCaptureFixture
    ) -> None:
        """The log names the operation and the code."""
        powerless = stage.as_role({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
        stage.put(FILM_KEY)

        with pytest.raises(ObjectStoreUnavailable):
            use(powerless)
        assert ["AccessDenied"] == [record.code for record in caplog.records if record.name == "coachwork"]

    def test_a_bucket_that_is_not_there(self, stage: ObjectStage, caplog: pytest.LogCaptureFixture) -> None:
        """No object of it is merely absent."""
        with pytest.raises(ObjectStoreUnavailable):
            stage.as_role(*statements("no-such-bucket"), bucket="no-such-bucket").describe(FILM_KEY)
        assert ["NoSuchBucket"] == [record.code for record in caplog.records if record.name == "coachwork"]

    def test_nobody_answers(self) -> None:
        """A port nobody listens on is the store's failure."""
        session = get_session()
        session.set_credentials("key", "secret")
        client = s3_client(REGION, session=session, endpoint_url="http://127.0.0.1:9")
        with pytest.raises(ObjectStoreUnavailable):
            S3BlobStore(client, "films").describe(FILM_KEY)
