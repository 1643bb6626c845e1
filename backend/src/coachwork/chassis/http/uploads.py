"""A file in a request: the body itself, or a field of a multipart form (RFC 7578) with others beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Annotated

from fastapi import Depends, Request

from coachwork.chassis.errors import MalformedRequest

FORM = "multipart/form-data"
_MAX_FIELDS = 20
_MAX_FIELD_BYTES = 200_000
_MAX_HEAD_BYTES = 2_000


@dataclass(frozen=True)
class Upload:
    """A file's bytes, the form's other fields, and what the form calls the file, which is nothing to rely on."""

    content: bytes
    fields: Mapping[str, str] = field(default_factory=dict)
    filename: str | None = None


async def _upload(request: Request) -> Upload:
    return parsed(request.headers.get("content-type", ""), await request.body())


UploadedFile = Annotated[Upload, Depends(_upload)]
"""The request's file; stands after the caller in a signature, so nobody's body is read before it is known whose."""


def parsed(content_type: str, body: bytes) -> Upload:
    """Return the file of a body: the field `file` of a form, or all of it.

    Raises:
        MalformedRequest: the body is no form though it says so, or a form without a file.
    """
    header = Message()
    header["content-type"] = content_type
    if header.get_content_type() != FORM:
        return Upload(body)
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise MalformedRequest("A form wants its boundary in Content-Type")
    parts = [_part(part) for part in _parts(body, boundary)]
    found = {part.name: part for part in parts}
    if len(found) < len(parts):
        raise MalformedRequest("A field of the form is there twice: each is taken once, one file a request")
    file = found.pop("file", None)
    if file is None:
        raise MalformedRequest("The form has no field named file")
    return Upload(file.content, {name: _text(name, part.content) for name, part in found.items()}, file.filename)


@dataclass(frozen=True)
class _Part:
    name: str
    filename: str | None
    content: bytes


def _parts(body: bytes, boundary: str) -> list[bytes]:
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    _preamble, *parts = (b"\r\n" + body).split(delimiter, _MAX_FIELDS + 1)
    if not parts or not parts[-1].startswith(b"--"):
        raise MalformedRequest(f"The body is no whole form of {_MAX_FIELDS} fields at most")
    return parts[:-1]


def _part(part: bytes) -> _Part:
    head, separator, content = part.partition(b"\r\n\r\n")
    if not separator or len(head) > _MAX_HEAD_BYTES:
        raise MalformedRequest("A field of the form does not begin as one")
    disposition = Message()
    for line in head.decode("utf-8", "replace").split("\r\n"):
        header, _, value = line.partition(":")
        if header.strip().lower() == "content-disposition":
            disposition["content-disposition"] = value.strip()
    name = disposition.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise MalformedRequest("A field of the form has no name")
    return _Part(name, disposition.get_filename(), content)


def _text(name: str, value: bytes) -> str:
    if len(value) > _MAX_FIELD_BYTES:
        raise MalformedRequest(f"The form's field {name[:50]!r} is too long")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"The form's field {name[:50]!r} is not UTF-8") from error
