"""A body that is JSON or a form with a file: read as what it says it is."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from coachwork.chassis.http.schemas import RequestSchema
from coachwork.chassis.http.uploads import FORM, parsed
from coachwork.services.knowledge.schemas.documents import PdfFields, PdfRequest

Body = TypeVar("Body", bound=RequestSchema)


@dataclass(frozen=True)
class SentFile:
    """A file that came with the request, the name it has where it comes from, and what the form says beside it."""

    content: bytes
    name: str
    fields: PdfFields


async def _sent(request: Request) -> PdfRequest | SentFile:
    body, content_type = await request.body(), request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != FORM:
        return _valid(PdfRequest, body)
    upload = parsed(content_type, body)
    tags = [part.strip() for part in upload.fields.get("tags", "").split(",") if part.strip()]
    given = {name: text for name, text in upload.fields.items() if text}
    return SentFile(upload.content, upload.filename or "document.pdf", _valid(PdfFields, {**given, "tags": tags}))


SentDocument = Annotated[PdfRequest | SentFile, Depends(_sent)]
"""A document that is announced, or sent; stands after the caller in a signature, so nobody's body is read before."""


def _valid(schema: type[Body], body: bytes | dict[str, Any]) -> Body:
    try:
        return schema.model_validate_json(body) if isinstance(body, bytes) else schema.model_validate(body)
    except ValidationError as error:
        problems = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(problems) from error


def content_of(schema: type[RequestSchema]) -> dict[str, Any]:
    """Return how the OpenAPI document tells of such a body: JSON of this schema, or a form."""
    text = {"type": "string"}
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary", "description": "A PDF, at most 4.4 MB"},
            "name": {**text, "minLength": 1, "maxLength": 1_000, "description": "Default: the name of the file"},
            "collection_id": {**text, "format": "uuid", "description": "One of your collections"},
            "tags": {**text, "description": "Comma-separated"},
        },
    }
    content = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{schema.__name__}"}},
        FORM: {"schema": form},
    }
    return {"requestBody": {"required": True, "content": content}}
