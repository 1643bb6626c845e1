"""Videos: found, downloaded, uploaded and removed in the object store."""

from collections.abc import Sequence
from dataclasses import dataclass

from coachwork.chassis.blobs import Blob, BlobStore, StoredBlob, Upload
from coachwork.chassis.errors import InvalidRequest
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor
from coachwork.services.fitness.domain.exercises import LEVELS, folder_of
from coachwork.services.fitness.domain.videos import (
    ExerciseVideo,
    Video,
    flaw_of,
    has_plain_characters,
    key_of,
    level_of,
    path_of,
)
from coachwork.services.fitness.errors import InvalidVideoPath, VideoNotFound, VideoTooLarge
from coachwork.services.fitness.schemas.videos import UploadRequest, VideoQuery

_MOST_OF_AN_EXERCISE = 1_000


@dataclass(frozen=True)
class Download(Video):
    """A video, and a URL that downloads it for `expires_in_seconds`."""

    url: str
    expires_in_seconds: int
    content_type: str


def list_videos(blobs: BlobStore, query: VideoQuery) -> tuple[Sequence[Video], str | None]:
    """Return one page of videos by path, and the next page's cursor if there is one.

    Objects that are no videos, such as the empty ones some tools make for folders, are left out.
    """
    if not has_plain_characters(query.prefix):
        return [], None
    after = key_of(_position_of(query.cursor)) if query.cursor else None
    page = blobs.page(key_of(query.prefix), after=after, limit=query.limit)
    next_cursor = encode_cursor(path_of(page.next_after)) if page.next_after else None
    return [video for video in map(_video, page.blobs) if flaw_of(video.path) is None], next_cursor


def list_exercise_videos(blobs: BlobStore, slug: str) -> list[ExerciseVideo]:
    """Return the videos of an exercise, the easiest level first."""
    page = blobs.page(key_of(folder_of(slug)), limit=_MOST_OF_AN_EXERCISE)
    found = [
        ExerciseVideo(video.path, video.size_bytes, video.updated_at, level)
        for video in map(_video, page.blobs)
        if (level := level_of(video.path, slug))
    ]
    return sorted(found, key=lambda video: LEVELS.index(video.level))


def read_video(blobs: BlobStore, path: str, seconds: int) -> Download:
    """Return the video with a URL that lives `seconds`; raises `VideoNotFound` or `InvalidVideoPath`."""
    found = _found(blobs, path)
    url = blobs.presigned_get(found.key, seconds)
    return Download(path, found.size_bytes, found.updated_at, url, seconds, found.content_type)


def upload_video(blobs: BlobStore, request: UploadRequest, *, max_bytes: int, seconds: int) -> Upload:
    """Return the form that uploads just this; raises `InvalidVideoPath` or `VideoTooLarge`."""
    key = _key(request.path, "body/path")
    if request.size_bytes > max_bytes:
        raise VideoTooLarge(max_bytes)
    return blobs.presigned_post(key, content_type=request.content_type, size_bytes=request.size_bytes, seconds=seconds)


def delete_video(blobs: BlobStore, path: str) -> None:
    """Remove the video; raises `VideoNotFound` or `InvalidVideoPath`."""
    blobs.delete(_found(blobs, path).key)


def _found(blobs: BlobStore, path: str) -> Blob:
    found = blobs.describe(_key(path, "path/path"))
    if found is None:
        raise VideoNotFound
    return found


def _key(path: str, location: str) -> str:
    flaw = flaw_of(path)
    if flaw:
        raise InvalidVideoPath(location, flaw)
    return key_of(path)


def _video(blob: StoredBlob) -> Video:
    return Video(path_of(blob.key), blob.size_bytes, blob.updated_at)


def _position_of(cursor: str) -> str:
    (path,) = decode_cursor(cursor, str)
    if not has_plain_characters(path):
        raise InvalidRequest("The cursor is not one this operation gave")
    return str(path)
