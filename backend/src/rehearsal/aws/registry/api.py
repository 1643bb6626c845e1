"""The registry's HTTP API, on the port of the local AWS: what is not signed, and is asked for under /v2/.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints
"""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from werkzeug.wrappers import Request, Response

from rehearsal.aws.authorization.guard import WsgiApplication
from rehearsal.aws.registry.blobs import Blobs
from rehearsal.aws.registry.passwords import passwords
from rehearsal.aws.registry.refusals import Refused

if TYPE_CHECKING:
    from rehearsal.aws.registry.images import Images

_NAME = "(?P<name>[a-z0-9][a-z0-9._/-]*)"
_PATHS = re.compile(rf"/v2/(?:{_NAME}/(?P<kind>blobs/uploads|blobs|manifests|tags)/(?P<reference>[A-Za-z0-9_.:-]*))?")
_VERSION = {"Docker-Distribution-Api-Version": "registry/2.0"}


class Registry:
    """A WSGI application before another, which gets every signed request, and every path that is no registry's."""

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self._blobs = Blobs()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer for the application, or let it answer."""
        path = _PATHS.fullmatch(environ.get("PATH_INFO", ""))
        if path is None or environ.get("HTTP_AUTHORIZATION", "").startswith("AWS4-"):
            return self._application(environ, start_response)
        request = Request(environ)
        try:
            response = self._answer(request, path)
        except Refused as refused:
            response = refused.response()
            if refused.code == "UNAUTHORIZED":
                response.headers["WWW-Authenticate"] = f'Basic realm="{request.host_url}",service="ecr.amazonaws.com"'
            response.headers["Connection"] = "close"  # its body may be unread
        response.headers.update(_VERSION)
        return response(environ, start_response)

    def _answer(self, request: Request, path: re.Match[str]) -> Response:
        given = request.authorization
        whose = passwords.whose(str(given.username), str(given.password)) if given and given.type == "basic" else None
        if whose is None:
            raise Refused(401, "UNAUTHORIZED", "Log in with the password of ecr:GetAuthorizationToken")
        if path["name"] is None:
            return Response("{}", content_type="application/json")
        from rehearsal.aws.registry.images import Images  # and with it moto's ECR, which takes its time

        images = Images(whose, path["name"], self._blobs)
        match path["kind"], request.method:
            case "blobs/uploads", _:
                return _Upload(self._blobs, images, path["reference"]).answer(request)
            case "blobs", "GET" | "HEAD":
                return self._blob(images, path["reference"])
            case "manifests", "GET" | "HEAD":
                return _manifest(images, path["reference"])
            case "manifests", "PUT":
                digest = images.put(path["reference"], request.get_data(), request.content_type or "")
                return _made(f"/v2/{path['name']}/manifests/{digest}", digest)
            case "tags", "GET" if path["reference"] == "list":
                return Response(
                    json.dumps({"name": path["name"], "tags": images.tags}), content_type="application/json"
                )
        raise Refused(405, "UNSUPPORTED", f"No {request.method} here")

    def _blob(self, images: "Images", digest: str) -> Response:
        content = self._blobs.path(images.key, digest).read_bytes()
        headers = {"Docker-Content-Digest": digest}
        return Response(content, headers=headers, content_type="application/octet-stream")


class _Upload:
    """Requests about one upload, or, without a name, about a new one."""

    def __init__(self, blobs: Blobs, images: "Images", name: str) -> None:
        self._blobs = blobs
        self._images = images
        self._name = name

    def answer(self, request: Request) -> Response:
        """Do what is asked for."""
        place = request.path.removesuffix(self._name)
        match request.method:
            case "POST" if not self._name:
                self._name = self._blobs.begin()
                return self._done(request, place) if "digest" in request.args else self._going_on(place, 0)
            case "PATCH":
                return self._going_on(place, self._blobs.add(self._name, cast(Any, request.stream)))
            case "PUT":
                return self._done(request, place)
            case "GET":
                return self._going_on(place, self._blobs.size(self._name), 204)
            case "DELETE":
                self._blobs.abandon(self._name)
                return Response(status=204)
        raise Refused(405, "UNSUPPORTED", f"No {request.method} here")

    def _going_on(self, place: str, size_bytes: int, status: int = 202) -> Response:
        headers = {"Location": place + self._name, "Range": f"0-{max(0, size_bytes - 1)}"}
        return Response(status=status, headers={**headers, "Docker-Upload-UUID": self._name})

    def _done(self, request: Request, place: str) -> Response:
        digest = request.args.get("digest", "")
        self._blobs.add(self._name, cast(Any, request.stream))
        self._blobs.finish(self._name, self._images.key, digest)
        return _made(f"{place.removesuffix('uploads/')}{digest}", digest)


def _manifest(images: "Images", reference: str) -> Response:
    found = images.find(reference)
    headers = {"Docker-Content-Digest": found.digest}
    return Response(found.content, headers=headers, content_type=found.media_type)


def _made(location: str, digest: str) -> Response:
    return Response(status=201, headers={"Location": location, "Docker-Content-Digest": digest})
