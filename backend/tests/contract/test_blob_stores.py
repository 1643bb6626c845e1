"""One contract for every object store: S3, as the local AWS plays it, with the rights of the deployed function."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from botocore.session import get_session
from tests.object_store import REGION, ObjectStage, object_stage, statements

from coachwork.chassis.blobs import BlobStore, Upload
from coachwork.chassis.blobs.s3 import S3BlobStore, s3_client
from coachwork.chassis.errors import ObjectStoreUnavailable, PayloadTooLarge

KEY = "videos/exercises/barbell-back-squat/beginner.mp4"
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


@pytest.fixture(scope="module")
def module_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStage]:
    """Start the local AWS once."""
    with object_stage(tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture
def stage(module_stage: ObjectStage) -> ObjectStage:
    """Return it with an empty bucket."""
    module_stage.clear()
    return module_stage


@pytest.fixture
def store(stage: ObjectStage) -> BlobStore:
    """Return the store under test."""
    return stage.store


def posted(upload: Upload, content: bytes = FILM, content_type: str = "video/mp4", **changes: str) -> tuple[int, str]:
    """Post the form as a browser would; return the status and S3's word for what is wrong."""
    files = {"file": ("film.mp4", content, content_type)}
    answer = httpx.post(upload.url, data={**upload.fields, **changes}, files=files, trust_env=False)
    return answer.status_code, answer.text.partition("<Code>")[2].partition("</Code>")[0]


def offline_store(region: str, bucket: str = "films") -> S3BlobStore:
    """Return a store that signs for AWS itself and asks nobody."""
    session = get_session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    return S3BlobStore(s3_client(region, session=session), bucket)


class TestDescribe:
    """What is there, without fetching it."""

    def test_of_an_object(self, stage: ObjectStage, store: BlobStore) -> None:
        """Size, type and the aware time of its last write."""
        stage.put(KEY, FILM, "video/webm")

        found = store.describe(KEY)
        assert found is not None
        assert (KEY, len(FILM), "video/webm") == (found.key, found.size_bytes, found.content_type)
        assert timedelta(0) <= datetime.now(UTC) - found.updated_at < timedelta(minutes=5)

    def test_of_nothing(self, store: BlobStore) -> None:
        """An absent object is None, though the role may list but one prefix."""
        assert store.describe(KEY) is None

    def test_of_the_beginning_of_a_key(self, stage: ObjectStage, store: BlobStore) -> None:
        """A longer key is another object."""
        stage.put(f"{KEY}.old")

        assert store.describe(KEY) is None

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
        store.write(KEY, content, "application/octet-stream")
        assert content == store.read(KEY, len(content))

    def test_of_nothing(self, store: BlobStore) -> None:
        """An absent object is None."""
        assert store.read(KEY, 10) is None

    def test_of_more_than_is_wanted(self, stage: ObjectStage, store: BlobStore) -> None:
        """One byte too many is refused before it is read."""
        stage.put(KEY, b"12345")
        with pytest.raises(PayloadTooLarge):
            store.read(KEY, 4)


class TestWrite:
    """Storing what one has."""

    def test_says_what_it_is(self, store: BlobStore) -> None:
        """The type is kept."""
        store.write(KEY, FILM, "video/webm")
        found = store.describe(KEY)
        assert found is not None
        assert (len(FILM), "video/webm") == (found.size_bytes, found.content_type)

    def test_replaces(self, store: BlobStore) -> None:
        """The last one wins."""
        for content in (b"first", b"second"):
            store.write(KEY, content, "text/plain")
        assert b"second" == store.read(KEY, 100)


class TestPresignedGet:
    """Downloads by URL."""

    def test_downloads_without_credentials(self, stage: ObjectStage, store: BlobStore) -> None:
        """Whoever has the URL gets the bytes, to be shown in place."""
        stage.put(KEY, FILM)

        answer = httpx.get(store.presigned_get(KEY, 60), trust_env=False)
        assert (200, FILM) == (answer.status_code, answer.content)
        assert ("video/mp4", "inline") == (answer.headers["content-type"], answer.headers["content-disposition"])

    @pytest.mark.parametrize(
        ("filename", "expected"),
        [
            ("Lease (2026).pdf", "attachment; filename=\"Lease (2026).pdf\"; filename*=UTF-8''Lease%20%282026%29.pdf"),
            ("Übung.pdf", "attachment; filename=\"_bung.pdf\"; filename*=UTF-8''%C3%9Cbung.pdf"),
            ("\u202efdp.exe", "attachment; filename=\"_fdp.exe\"; filename*=UTF-8''%E2%80%AEfdp.exe"),
            ('a"; x=\r\nSet-Cookie: b', None),
            ("../..\\a.pdf", None),
            ("half \ud800.pdf", None),
            ("", None),
        ],
    )
    def test_saves_under_any_name(
        self, stage: ObjectStage, store: BlobStore, filename: str, expected: str | None
    ) -> None:
        """The header says the name twice, for old browsers and for all; nothing in it ends the header."""
        stage.put(KEY, FILM)

        answer = httpx.get(store.presigned_get(KEY, 60, filename=filename), trust_env=False)
        disposition = answer.headers["content-disposition"]
        assert FILM == answer.content
        assert re.fullmatch(
            r"attachment; filename=\"[A-Za-z0-9 ._()-]*\"; filename\*=UTF-8''[A-Za-z0-9._~%-]*", disposition
        )
        assert (expected or disposition) == disposition
        assert "set-cookie" not in answer.headers

    def test_downloads_a_range(self, stage: ObjectStage, store: BlobStore) -> None:
        """A player seeks."""
        stage.put(KEY, FILM)

        answer = httpx.get(store.presigned_get(KEY, 60), headers={"Range": "bytes=4-11"}, trust_env=False)
        assert (206, b"ftypmp42") == (answer.status_code, answer.content)

    def test_says_how_long_it_lives(self, store: BlobStore) -> None:
        """The seconds are signed."""
        query = parse_qs(urlsplit(store.presigned_get(KEY, 90)).query)
        assert (["90"], ["AWS4-HMAC-SHA256"]) == (query["X-Amz-Expires"], query["X-Amz-Algorithm"])

    def test_of_a_role_that_may_not_read(self, stage: ObjectStage) -> None:
        """A URL is worth what its signer may do."""
        stage.put(KEY)
        writer = stage.as_role({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})

        assert 403 == httpx.get(writer.presigned_get(KEY, 60), trust_env=False).status_code

    @pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
    def test_on_aws_names_the_regional_host(self, region: str) -> None:
        """The global host answers new buckets with a redirect that breaks the signature."""
        url = urlsplit(offline_store(region).presigned_get("videos/a", 60))
        assert ("https", f"films.s3.{region}.amazonaws.com", "/videos/a") == (url.scheme, url.netloc, url.path)


class TestPresignedPost:
    """Uploads by form."""

    @pytest.fixture
    def upload(self, store: BlobStore) -> Upload:
        """Return the form for one film."""
        return store.presigned_post(KEY, content_type="video/mp4", size_bytes=len(FILM), seconds=60)

    def test_uploads_without_credentials(self, upload: Upload, store: BlobStore) -> None:
        """What was posted is what is downloaded, of the type that was announced."""
        assert (204, "") == posted(upload)

        found = store.describe(KEY)
        assert found is not None
        assert (len(FILM), "video/mp4") == (found.size_bytes, found.content_type)
        assert FILM == httpx.get(store.presigned_get(KEY, 60), trust_env=False).content

    def test_refuses_a_larger_file(self, upload: Upload, store: BlobStore) -> None:
        """One byte more is too much, and nothing is stored."""
        assert (400, "EntityTooLarge") == posted(upload, FILM + b"!")
        assert store.describe(KEY) is None

    def test_refuses_a_smaller_file(self, upload: Upload) -> None:
        """A file that was cut off is not the one that was announced."""
        assert (400, "EntityTooSmall") == posted(upload, FILM[:-1])

    @pytest.mark.parametrize(
        "change",
        [{"Content-Type": "text/html"}, {"key": "videos/other.mp4"}, {"acl": "public-read"}],
        ids=["type", "key", "field more"],
    )
    def test_refuses_a_tampered_field(self, upload: Upload, stage: ObjectStage, change: dict[str, str]) -> None:
        """What was signed is what is posted."""
        assert (403, "AccessDenied") == posted(upload, **change)
        assert [] == stage.keys()

    def test_takes_the_file_that_was_announced(self, store: BlobStore) -> None:
        """By its SHA-256, which S3 compares."""
        upload = store.presigned_post(
            KEY, content_type="video/mp4", size_bytes=len(FILM), seconds=60, sha256=sha256(FILM).hexdigest()
        )
        assert (204, "") == posted(upload)
        assert FILM == store.read(KEY, len(FILM))

    def test_refuses_another_file_of_the_same_size(self, stage: ObjectStage, store: BlobStore) -> None:
        """Nor is one's own checksum taken for the announced one."""
        upload = store.presigned_post(
            KEY, content_type="video/mp4", size_bytes=len(FILM), seconds=60, sha256=sha256(FILM).hexdigest()
        )
        other = FILM[::-1]
        own = b64encode(sha256(other).digest()).decode()
        assert (400, "BadDigest") == posted(upload, other)
        assert (403, "AccessDenied") == posted(upload, other, **{"x-amz-checksum-sha256": own})
        assert [] == stage.keys()

    def test_refuses_another_signature(self, upload: Upload) -> None:
        """A policy of one's own is nobody's."""
        assert (403, "SignatureDoesNotMatch") == posted(upload, **{"x-amz-signature": "0" * 64})

    def test_on_aws_names_the_regional_host(self) -> None:
        """As downloads do."""
        upload = offline_store(REGION).presigned_post("a", content_type="video/mp4", size_bytes=1, seconds=60)
        assert f"https://films.s3.{REGION}.amazonaws.com/" == upload.url


class TestDelete:
    """Removal."""

    def test_removes(self, stage: ObjectStage, store: BlobStore) -> None:
        """It is gone."""
        stage.put(KEY)
        store.delete(KEY)
        assert store.describe(KEY) is None

    def test_of_nothing_is_fine(self, store: BlobStore) -> None:
        """What is gone may be removed again."""
        store.delete(KEY)
        assert store.describe(KEY) is None


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
            lambda store: store.describe(KEY),
            lambda store: store.read(KEY, 10),
            lambda store: store.write(KEY, b"", "text/plain"),
            lambda store: store.page("videos/", limit=1),
            lambda store: store.delete(KEY),
        ],
        ids=["describe", "read", "write", "page", "delete"],
    )
    def test_a_role_without_rights(
        self, stage: ObjectStage, use: Callable[[BlobStore], object], caplog: pytest.LogCaptureFixture
    ) -> None:
        """The log names the operation and the code."""
        powerless = stage.as_role({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
        stage.put(KEY)

        with pytest.raises(ObjectStoreUnavailable):
            use(powerless)
        assert ["AccessDenied"] == [record.code for record in caplog.records if record.name == "coachwork"]

    def test_a_bucket_that_is_not_there(self, stage: ObjectStage, caplog: pytest.LogCaptureFixture) -> None:
        """No object of it is merely absent."""
        with pytest.raises(ObjectStoreUnavailable):
            stage.as_role(*statements("no-such-bucket"), bucket="no-such-bucket").describe(KEY)
        assert ["NoSuchBucket"] == [record.code for record in caplog.records if record.name == "coachwork"]

    def test_nobody_answers(self) -> None:
        """A port nobody listens on is the store's failure."""
        session = get_session()
        session.set_credentials("key", "secret")
        client = s3_client(REGION, session=session, endpoint_url="http://127.0.0.1:9")
        with pytest.raises(ObjectStoreUnavailable):
            S3BlobStore(client, "films").describe(KEY)
