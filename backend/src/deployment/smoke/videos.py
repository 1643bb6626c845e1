"""Videos: who may put one there, and whether it comes back byte for byte."""

import secrets
from collections.abc import Mapping

from deployment.smoke.accounts import admin_token
from deployment.smoke.answer import Answer
from deployment.smoke.failures import LeftOut
from deployment.smoke.visit import Visit

_VIDEOS = "/api/v1/videos"
_TYPE = "video/mp4"
_SIZE_BYTES = 4096


def no_video(visit: Visit) -> str:
    """404 for a video that is not there."""
    answer = visit.site.ask("GET", f"{_VIDEOS}/{_path(visit)}", token=visit.token()).expect_problem(404)
    answer.equal("urn:coachwork:problem:video-not-found", "type")
    return "404"


def upload_refused(visit: Visit) -> str:
    """403 for whoever is no administrator."""
    token = visit.token()
    if visit.options.email and visit.options.email == visit.options.admin_email:
        raise LeftOut("the account that was given is the administrator's")
    _ask_to_upload(visit, token).expect_problem(403)
    return "403 for an ordinary account"


def there_and_back(visit: Visit) -> str:
    """An administrator's video is stored, listed, fetched the same, and deleted."""
    token = admin_token(visit)
    if not token:
        raise LeftOut("wants an administrator: set SMOKE_ADMIN_EMAIL and SMOKE_ADMIN_PASSWORD, or SMOKE_ADMIN_TOKEN")
    video = b"\0\0\0\x18ftypmp42" + secrets.token_bytes(_SIZE_BYTES - 12)
    path = f"{_VIDEOS}/{_path(visit)}"
    visit.undo[f"the video {_path(visit)}"] = lambda: visit.site.ask("DELETE", path, token=token)
    asked = _ask_to_upload(visit, token)
    if asked.status == 403:
        raise asked.failed("refused the administrator", "grant the role: python -m coachwork.tools.grant EMAIL admin")
    asked.expect(201)
    url, fields = asked.text("upload", "url"), _fields(asked)
    _store(visit, url, fields, video)
    _read_back(visit, path, token, video)
    listed = visit.site.ask("GET", _VIDEOS, query={"prefix": _path(visit)}, token=token).expect(200)
    listed.equal(_path(visit), "items", 0, "path")
    listed.equal(_SIZE_BYTES, "items", 0, "size_bytes")
    visit.site.ask("DELETE", path, token=token).expect(204)
    visit.site.ask("GET", path, token=token).expect_problem(404)
    return f"{_SIZE_BYTES} bytes there and back, other sizes refused"


def _store(visit: Visit, url: str, fields: Mapping[str, str], video: bytes) -> None:
    """Upload as a browser would; what is larger than was said is refused by the store itself."""
    larger = visit.site.upload(url, fields, video + b"\0", "video.mp4")
    if larger.status < 400:
        raise larger.failed("took more bytes than the upload was granted for", "the policy does not fix the size")
    stored = visit.site.upload(url, fields, video, "video.mp4")
    if stored.status not in {200, 201, 204}:
        raise stored.failed(f"answered {stored.status}: the store did not take the upload it was granted")


def _read_back(visit: Visit, path: str, token: str, video: bytes) -> None:
    answer = visit.site.ask("GET", path, token=token).expect(200)
    answer.equal(_SIZE_BYTES, "size_bytes")
    answer.equal(_TYPE, "content_type")
    fetched = visit.site.fetch(answer.text("url")).expect(200)
    if fetched.body != video:
        raise fetched.failed(f"gave {len(fetched.body)} bytes that are not the {len(video)} that were stored")


def _ask_to_upload(visit: Visit, token: str) -> Answer:
    body = {"path": _path(visit), "content_type": _TYPE, "size_bytes": _SIZE_BYTES}
    return visit.site.ask("POST", _VIDEOS, body, token=token)


def _fields(asked: Answer) -> dict[str, str]:
    return {name: asked.text("upload", "fields", name) for name in asked.mapping("upload", "fields")}


def _path(visit: Visit) -> str:
    return f"smoke/{visit.mark}.mp4"
