"""Videos: their bytes go between the caller and the object store, past the API."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from coachwork.chassis.errors import Forbidden, ObjectStoreUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentAdmin, CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.errors import VideoNotFound
from coachwork.services.fitness.schemas.videos import (
    UploadForm,
    UploadRequest,
    UploadResponse,
    VideoItem,
    VideoQuery,
    VideoResponse,
)
from coachwork.services.fitness.service.videos import delete_video, list_videos, read_video, upload_video

router = APIRouter(
    prefix="/api/v1/videos", tags=["videos"], responses=documented(Unauthenticated, ObjectStoreUnavailable)
)

PathInUrl = Annotated[
    str,
    Path(
        description="Names between single slashes, at most 512 bytes in all",
        examples=["exercises/barbell-back-squat/beginner.mp4"],
    ),
]


@router.get("", operation_id="list_videos")
def get_videos(
    principal: CurrentPrincipal,  # noqa: ARG001  whoever is signed in may
    resources: CurrentResources,
    query: Annotated[VideoQuery, Query()],
) -> Page[VideoItem]:
    """List videos by path."""
    found, next_cursor = list_videos(resources.blobs("videos"), query)
    return Page(items=[VideoItem.model_validate(one) for one in found], next_cursor=next_cursor)


@router.post("", status_code=201, operation_id="upload_video", responses=documented(Forbidden))
def post_video(
    admin: CurrentAdmin,  # noqa: ARG001  any administrator may
    resources: CurrentResources,
    video: UploadRequest,
) -> UploadResponse:
    """Get a form that uploads one video, for administrators; a video that is there already is replaced."""
    settings = resources.settings
    seconds, max_bytes = settings.video_upload_seconds, settings.video_max_bytes
    upload = upload_video(resources.blobs("videos"), video, max_bytes=max_bytes, seconds=seconds)
    return UploadResponse(
        path=video.path,
        upload=UploadForm.model_validate(upload),
        expires_in_seconds=seconds,
        max_bytes=max_bytes,
    )


@router.get("/{path:path}", operation_id="read_video", responses=documented(VideoNotFound))
def get_video(
    principal: CurrentPrincipal,  # noqa: ARG001  whoever is signed in may
    resources: CurrentResources,
    path: PathInUrl,
    response: Response,
) -> VideoResponse:
    """Get a URL that downloads a video for a while."""
    found = read_video(resources.blobs("videos"), path, resources.settings.video_url_seconds)
    response.headers["Cache-Control"] = "no-store"  # whoever has the URL has the video
    return VideoResponse.model_validate(found)


@router.delete(
    "/{path:path}", status_code=204, operation_id="delete_video", responses=documented(Forbidden, VideoNotFound)
)
def remove_video(
    admin: CurrentAdmin,  # noqa: ARG001  any administrator may
    resources: CurrentResources,
    path: PathInUrl,
) -> None:
    """Delete a video, for administrators."""
    delete_video(resources.blobs("videos"), path)
