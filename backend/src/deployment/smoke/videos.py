"""Videos: who may put one there, and whether it comes back byte for byte."""

import secrets
from collections.abc import Mapping

from deployment.smoke.accounts import admin_token
from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Skipped

_VIDEOS = "/api/v1/videos"
_TYPE = "video/mp4"
_SIZE_BYTES = 4096


def no_video(context: CheckContext) -> str:
    """404 for a video that is not there."""
    answer = context.client.request("GET", f"{_VIDEOS}/{_path(context)}", token=context.token()).expect_problem(404)
    answer.equal("urn:coachwork:problem:video-not-found", "type")
    return "404"


def upload_refused(context: CheckContext) -> str:
    """403 for whoever is no administrator."""
    token = context.token()
    if context.options.email and context.options.email == context.options.admin_email:
        raise Skipped("the account that was given is the administrator's")
    _ask_to_upload(context, token).expect_problem(403)
    return "403 for an ordinary account"


def there_and_back(context: CheckContext) -> str:
    """An administrator's video is stored, listed, fetched the same, and deleted."""
    token = admin_token(context)
    if not token:
        raise Skipped("wants an administrator: set SMOKE_ADMIN_EMAIL and SMOKE_ADMIN_PASSWORD, or SMOKE_ADMIN_TOKEN")
    video = b"\0\0\0\x18ftypmp42" + secrets.token_bytes(_SIZE_BYTES - 12)
    path = f"{_VIDEOS}/{_path(context)}"
    context.undo[f"the video {_path(context)}"] = lambda: context.client.request("DELETE", path, token=token)
    asked = _ask_to_upload(context, token)
    if asked.status == 403:
        raise asked.failed("refused the administrator", "grant the role: python -m coachwork.tools.grant EMAIL admin")
    asked.expect(201)
    url, fields = asked.text("upload", "url"), _fields(asked)
    _store(context, url, fields, video)
    _read_back(context, path, token, video)
    listed = context.client.request("GET", _VIDEOS, query={"prefix": _path(context)}, token=token).expect(200)
    listed.equal(_path(context), "items", 0, "path")
    listed.equal(_SIZE_BYTES, "items", 0, "size_bytes")
    context.client.request("DELETE", path, token=token).expect(204)
    context.client.request("GET", path, token=token).expect_problem(404)
    return f"{_SIZE_BYTES} bytes there and back, other sizes refused"


def _store(context: CheckContext, url: str, fields: Mapping[str, str], video: bytes) -> None:
    """Upload as a browser would; what is larger than was said is refused by the store itself."""
    larger = context.client.upload(url, fields, video + b"\0", "video.mp4")
    if larger.status < 400:
        raise larger.failed("took more bytes than the upload was granted for", "the policy does not fix the size")
    stored = context.client.upload(url, fields, video, "video.mp4")
    if stored.status not in {200, 201, 204}:
        raise stored.failed(f"answered {stored.status}: the store did not take the upload it was granted")


def _read_back(context: CheckContext, path: str, token: str, video: bytes) -> None:
    answer = context.client.request("GET", path, token=token).expect(200)
    answer.equal(_SIZE_BYTES, "size_bytes")
    answer.equal(_TYPE, "content_type")
    fetched = context.client.fetch(answer.text("url")).expect(200)
    if fetched.body != video:
        raise fetched.failed(f"gave {len(fetched.body)} bytes that are not the {len(video)} that were stored")


def _ask_to_upload(context: CheckContext, token: str) -> Answer:
    body = {"path": _path(context), "content_type": _TYPE, "size_bytes": _SIZE_BYTES}
    return context.client.request("POST", _VIDEOS, body, token=token)


def _fields(asked: Answer) -> dict[str, str]:
    return {name: asked.text("upload", "fields", name) for name in asked.mapping("upload", "fields")}


def _path(context: CheckContext) -> str:
    return f"smoke/{context.mark}.mp4"
