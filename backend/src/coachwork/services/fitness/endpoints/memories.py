"""What the coach remembers about the caller."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.repository.memories import Memory
from coachwork.services.fitness.schemas.chat import PageQuery
from coachwork.services.fitness.schemas.memories import MemoryRequest, MemoryResponse
from coachwork.services.fitness.service import memories
from coachwork.services.fitness.service.memories import MemoryKnown, MemoryNotFound, TooManyMemories

router = APIRouter(prefix="/api/v1/memories", tags=["chat"], responses=documented(Unauthenticated, DatabaseUnavailable))


@router.get("", operation_id="list_memories")
def list_memories(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[PageQuery, Query()]
) -> Page[MemoryResponse]:
    """List what the coach remembers about you, the newest first."""
    found, next_cursor = memories.list_memories(resources.database(), principal, query.limit, query.cursor)
    return Page(items=[MemoryResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.post("", status_code=201, operation_id="create_memory", responses=documented(MemoryKnown, TooManyMemories))
def create_memory(
    memory: MemoryRequest,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    request: Request,
    response: Response,
) -> MemoryResponse:
    """Tell the coach something to remember; a hundred things at most."""
    made = memories.create_memory(resources.database(), principal, memory.text)
    response.headers["Location"] = f"{request.scope['path']}/{made.id}"
    return _answer(response, made)


@router.get("/{memory_id:uuid}", operation_id="read_memory", responses=documented(MemoryNotFound))
def read_memory(
    memory_id: UUID, principal: CurrentPrincipal, resources: CurrentResources, response: Response
) -> MemoryResponse:
    """Read one thing the coach remembers."""
    return _answer(response, memories.read_memory(resources.database(), principal, memory_id))


@router.put(
    "/{memory_id:uuid}",
    operation_id="replace_memory",
    responses=documented(MemoryNotFound, Conflict, PreconditionFailed),
)
def replace_memory(
    *,
    memory_id: UUID,
    memory: MemoryRequest,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    expected: ExpectedVersion,
    response: Response,
) -> MemoryResponse:
    """Correct what the coach remembers."""
    return _answer(response, memories.replace_memory(resources.database(), principal, memory_id, memory.text, expected))


@router.delete(
    "/{memory_id:uuid}",
    status_code=204,
    operation_id="delete_memory",
    responses=documented(MemoryNotFound, PreconditionFailed),
)
def delete_memory(
    memory_id: UUID, principal: CurrentPrincipal, resources: CurrentResources, expected: ExpectedVersion
) -> None:
    """Have the coach forget something."""
    memories.delete_memory(resources.database(), principal, memory_id, expected)


def _answer(response: Response, memory: Memory) -> MemoryResponse:
    set_etag(response, memory.version)
    return MemoryResponse.model_validate(memory)
