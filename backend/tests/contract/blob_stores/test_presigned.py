"""Presigned URLs and forms: one contract for every object store, as browsers see it."""

import re
from base64 import b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from botocore.session import get_session
from tests.object_store import FILM, FILM_KEY, REGION, ObjectStage

from coachwork.chassis.blobs import BlobStore, Upload
from coachwork.chassis.blobs.s3 import S3BlobStore, s3_client


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


class TestPresignedGet:
    """Downloads by URL."""

    def test_downloads_without_credentials(self, stage: ObjectStage, store: BlobStore) -> None:
        """Whoever has the URL gets the bytes, to be shown in place."""
        stage.put(FILM_KEY, FILM)

        answer = httpx.get(store.presigned_get(FILM_KEY, 60), trust_env=False)
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
        stage.put(FILM_KEY, FILM)

        answer = httpx.get(store.presigned_get(FILM_KEY, 60, filename=filename), trust_env=False)
        disposition = answer.headers["content-disposition"]
        assert FILM == answer.content
        assert re.fullmatch(
            r"attachment; filename=\"[A-Za-z0-9 ._()-]*\"; filename\*=UTF-8''[A-Za-z0-9._~%-]*", disposition
        )
        assert (expected or disposition) == disposition
        assert "set-cookie" not in answer.headers

    def test_downloads_a_range(self, stage: ObjectStage, store: BlobStore) -> None:
        """A player seeks."""
        stage.put(FILM_KEY, FILM)

        answer = httpx.get(store.presigned_get(FILM_KEY, 60), headers={"Range": "bytes=4-11"}, trust_env=False)
        assert (206, b"ftypmp42") == (answer.status_code, answer.content)

    def test_says_how_long_it_lives(self, store: BlobStore) -> None:
        """The seconds are signed."""
        query = parse_qs(urlsplit(store.presigned_get(FILM_KEY, 90)).query)
        assert (["90"], ["AWS4-HMAC-SHA256"]) == (query["X-Amz-Expires"], query["X-Amz-Algorithm"])

    def test_of_a_role_that_may_not_read(self, stage: ObjectStage) -> None:
        """A URL is worth what its signer may do."""
        stage.put(FILM_KEY)
        writer = stage.as_role({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})

        assert 403 == httpx.get(writer.presigned_get(FILM_KEY, 60), trust_env=False).status_code

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
        return store.presigned_post(FILM_KEY, content_type="video/mp4", size_bytes=len(FILM), seconds=60)

    def test_uploads_without_credentials(self, upload: Upload, store: BlobStore) -> None:
        """What was posted is what is downloaded, of the type that was announced."""
        assert (204, "") == posted(upload)

        found = store.describe(FILM_KEY)
        assert found is not None
        assert (len(FILM), "video/mp4") == (found.size_bytes, found.content_type)
        assert FILM == httpx.get(store.presigned_get(FILM_KEY, 60), trust_env=False).content

    def test_refuses_a_larger_file(self, upload: Upload, store: BlobStore) -> None:
        """One byte more is too much, and nothing is stored."""
        assert (400, "EntityTooLarge") == posted(upload, FILM + b"!")
        assert store.describe(FILM_KEY) is None

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
            FILM_KEY, content_type="video/mp4", size_bytes=len(FILM), seconds=60, sha256=sha256(FILM).hexdigest()
        )
        assert (204, "") == posted(upload)
        assert FILM == store.read(FILM_KEY, len(FILM))

    def test_refuses_another_file_of_the_same_size(self, stage: ObjectStage, store: BlobStore) -> None:
        """Nor is one's own checksum taken for the announced one."""
        upload = store.presigned_post(
            FILM_KEY, content_type="video/mp4", size_bytes=len(FILM), seconds=60, sha256=sha256(FILM).hexdigest()
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
