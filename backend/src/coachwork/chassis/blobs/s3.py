"""Objects in an S3 bucket, through botocore's own client."""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from coachwork.chassis.aws import new_session
from coachwork.chassis.blobs.port import Blob, BlobPage, StoredBlob, Upload
from coachwork.chassis.errors import ObjectStoreUnavailable, PayloadTooLarge
from coachwork.chassis.observability.logs import logger

if TYPE_CHECKING:
    from botocore.session import Session

_BATCH = 1_000
"""As many objects as S3 lists or deletes in one request."""

_PATIENCE = Config(
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 3},
    # version 4, and the bucket's own regional host: the SDK's default signs for the global one, which answers
    # with a redirect that breaks the signature. An address such as 127.0.0.1 goes path style all the same.
    signature_version="s3v4",
    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
)


def s3_client(region: str, *, session: "Session | None" = None, endpoint_url: str | None = None) -> Any:
    """Return a client that signs for `region`; address and credentials are the environment's where none are given."""
    made = session or new_session()
    with _translated("CreateClient"):
        return made.create_client("s3", region_name=region, endpoint_url=endpoint_url, config=_PATIENCE)


class S3BlobStore:
    """Keeps objects in one bucket.

    Args:
        client: of `s3_client`; used by several threads at once.
        bucket: its name.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def describe(self, key: str) -> Blob | None:
        """Return what is stored under `key`; None when nothing is."""
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _status(error) in {403, 404} and self._is_absent(key):
                return None
            raise _unavailable("HeadObject", error) from error
        except BotoCoreError as error:
            raise ObjectStoreUnavailable from error
        content_type = found.get("ContentType") or "application/octet-stream"
        return Blob(key, found["ContentLength"], found["LastModified"], content_type)

    def page(self, prefix: str, *, after: str | None = None, limit: int) -> BlobPage:
        """Return up to `limit` objects whose keys begin with `prefix`, by key, those after `after`."""
        beginning = {"StartAfter": after} if after else {}
        with _translated("ListObjectsV2"):
            listed = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix, MaxKeys=limit, **beginning)
        blobs = [StoredBlob(one["Key"], one["Size"], one["LastModified"]) for one in listed.get("Contents", [])]
        return BlobPage(blobs, blobs[-1].key if listed["IsTruncated"] and blobs else None)

    def read(self, key: str, max_bytes: int) -> bytes | None:
        """Return the object's content; None when nothing is there."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
            with closing(found["Body"]) as body:
                if found["ContentLength"] > max_bytes:
                    raise PayloadTooLarge(f"The object is larger than {max_bytes:,} bytes")
                content: bytes = body.read()
        except ClientError as error:
            if _status(error) in {403, 404} and self._is_absent(key):
                return None
            raise _unavailable("GetObject", error) from error
        except BotoCoreError as error:
            raise ObjectStoreUnavailable from error
        return content

    def write(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object in place of whatever was there."""
        with _translated("PutObject"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def presigned_get(self, key: str, seconds: int, *, filename: str | None = None) -> str:
        """Return a URL that downloads the object for `seconds`, or until the signing credentials die."""
        disposition = "inline" if filename is None else attachment(filename)
        wanted = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        with _translated("GetObject"):
            url: str = self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
        return url

    def presigned_post(
        self, key: str, *, content_type: str, size_bytes: int, seconds: int, sha256: str | None = None
    ) -> Upload:
        """Return a form that uploads exactly `size_bytes` of this type under this key."""
        fields = {"Content-Type": content_type, **({} if sha256 is None else _checksum(sha256))}
        conditions = [{name: value} for name, value in fields.items()]
        with _translated("PutObject"):
            form = self._client.generate_presigned_post(
                self._bucket,
                key,
                Fields=fields,
                Conditions=[*conditions, ["content-length-range", size_bytes, size_bytes]],
                ExpiresIn=seconds,
            )
        return Upload(form["url"], form["fields"])

    def delete(self, key: str) -> None:
        """Remove the object; fine when there is none."""
        with _translated("DeleteObject"):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def delete_prefix(self, prefix: str) -> int:
        """Remove every object whose key begins with `prefix`, and return how many there were."""
        removed, after = 0, None
        while True:
            page = self.page(prefix, after=after, limit=_BATCH)
            if page.blobs:
                self._delete_all([blob.key for blob in page.blobs])
            removed, after = removed + len(page.blobs), page.next_after
            if after is None:
                return removed

    def _delete_all(self, keys: list[str]) -> None:
        wanted = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
        with _translated("DeleteObjects"):
            failed = self._client.delete_objects(Bucket=self._bucket, Delete=wanted).get("Errors", [])
        if failed:
            _log("DeleteObjects", str(failed[0].get("Code")))
            raise ObjectStoreUnavailable(
                f"{len(failed)} of {len(keys)} objects could not be removed; a retry may do it"
            )

    def _is_absent(self, key: str) -> bool:
        """Whether a refusal meant that nothing is there; the listing decides, for the refusal does not say.

        S3 answers 404 for a missing bucket as for a missing object, and 403 for both to those who may not list. That
        a permission to list one prefix is enough for a 404 is nowhere promised; for listing that prefix it is.
        """
        listed = self.page(key, limit=1).blobs
        return not listed or listed[0].key != key


def attachment(filename: str) -> str:
    """Return the header `Content-Disposition` that saves a download under a name, whatever the name holds.

    Source: RFC 6266, appendix D; RFC 8187
    """
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"


def _checksum(sha256: str) -> dict[str, str]:
    """Return the fields of a form by which S3 takes no other file.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
    """
    value = b64encode(bytes.fromhex(sha256)).decode()
    return {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": value}


@contextmanager
def _translated(operation: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _unavailable(operation, error) from error
    except BotoCoreError as error:
        raise ObjectStoreUnavailable from error


def _unavailable(operation: str, error: ClientError) -> ObjectStoreUnavailable:
    """Return our error; a refusal is the deployment's fault and nobody's bad luck, so the log names it."""
    if 400 <= _status(error) < 500:
        _log(operation, str(error.response.get("Error", {}).get("Code")))
    return ObjectStoreUnavailable()


def _log(operation: str, code: str) -> None:
    logger.error("the object store refuses what the deployment should let us do", operation=operation, code=code)


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
