"""Videos: their paths, where to download them, and how to upload one."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from coachwork.chassis.http.schemas import Limit, Printable, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import Level

_EXAMPLE = "exercises/barbell-back-squat/beginner.mp4"

VideoContentType = Literal["video/mp4", "video/webm", "video/quicktime"]
VideoPath = Annotated[
    str, Field(description="Names between single slashes, at most 512 bytes in all", examples=[_EXAMPLE])
]
SizeBytes = Annotated[int, Field(ge=0, examples=[2_345_678])]


class VideoQuery(RequestSchema):
    """Which videos, and which page of them."""

    prefix: Annotated[str, Field(max_length=512), Printable] = Field(
        default="", description="What their paths begin with", examples=["exercises/barbell-back-squat/"]
    )
    limit: Limit = 20
    # it carries a path, so it is longer than other lists' cursors
    cursor: Annotated[str, Field(max_length=4_200), Printable] | None = Field(
        default=None, description="`next_cursor` of the page before"
    )


class VideoItem(ResponseSchema):
    """A video in a list."""

    path: VideoPath
    size_bytes: SizeBytes
    updated_at: datetime


class VideoResponse(VideoItem):
    """A video, and where it is downloaded with no further token while the URL lives."""

    url: str = Field(description="Give it to a player as it is; it takes Range requests")
    expires_in_seconds: int = Field(
        examples=[3_600], description="At most: a URL also dies with the temporary keys that signed it"
    )
    content_type: str = Field(examples=["video/mp4"])


class ExerciseVideoItem(VideoItem):
    """A video of an exercise."""

    level: Level


class ExerciseVideosResponse(ResponseSchema):
    """The videos of an exercise, the easiest level first."""

    items: list[ExerciseVideoItem]


class UploadRequest(RequestSchema):
    """What is going to be uploaded; the form that is given back takes exactly this."""

    path: VideoPath
    content_type: VideoContentType
    size_bytes: int = Field(ge=1, examples=[2_345_678], description="The file's exact size")


class UploadForm(ResponseSchema):
    """A form to post as multipart/form-data: every field as it is, then the file in a last field named `file`."""

    url: str
    fields: dict[str, str]


class UploadResponse(ResponseSchema):
    """How to upload the video; the object store refuses another key, type or size, and a late one."""

    path: VideoPath
    upload: UploadForm
    expires_in_seconds: int = Field(examples=[900])
    max_bytes: int = Field(examples=[200_000_000], description="The largest video this deployment takes")
