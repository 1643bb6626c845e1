"""Collections, as they are made, listed and changed."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from coachwork.chassis.http.schemas import Cursor, Limit, Printable, RequestSchema, ResponseSchema

CollectionName = Annotated[str, Field(min_length=1, max_length=100, examples=["House"]), Printable]
Description = Annotated[str, Field(max_length=500), Printable]


class CollectionRequest(RequestSchema):
    """A new collection."""

    name: CollectionName
    description: Description = ""


class CollectionPatch(RequestSchema):
    """What to change; omitted fields keep their values."""

    name: CollectionName | None = None
    description: Description | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.name is None and self.description is None:
            raise ValueError("needs a name or a description")
        return self


class CollectionQuery(RequestSchema):
    """A page of the list of collections."""

    limit: Limit = 20
    cursor: Cursor | None = None


class CollectionRemovalQuery(RequestSchema):
    """What to do with the documents in it."""

    documents: Literal["keep", "delete"] = Field(
        default="keep", description="delete: delete them as well; keep: refuse while it holds any"
    )


class CollectionResponse(ResponseSchema):
    """A collection."""

    id: UUID
    name: str
    description: str
    created_at: datetime
    updated_at: datetime


class CollectionRemovedResponse(ResponseSchema):
    """What was deleted with a collection."""

    collection_id: UUID
    documents: int


class KnowledgeErasedResponse(ResponseSchema):
    """How much was erased."""

    documents: int
    collections: int
    objects: int = Field(description="Files and the objects derived from them")
    vectors: int = Field(description="Entries of the index")
    chat_entries: int = Field(description="Threads, questions, answers and links")
