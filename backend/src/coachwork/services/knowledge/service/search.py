"""Search without a chat: hits, each with the words that have most in common with the query."""

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.domain.chunks import Chunk
from coachwork.services.knowledge.domain.citing import excerpt_for
from coachwork.services.knowledge.domain.hits import Hit
from coachwork.services.knowledge.schemas.search import (
    DocumentHitResponse,
    DocumentSearchRequest,
    DocumentSearchResponse,
    RanksResponse,
)
from coachwork.services.knowledge.service.retrieval import retrieve


def search(resources: Resources, principal: Principal, asked: DocumentSearchRequest) -> DocumentSearchResponse:
    """Look for what is asked in the caller's documents; raises what `retrieve` does."""
    found = retrieve(
        resources,
        principal,
        asked.query,
        mode=asked.mode,
        limit=asked.limit,
        collection_id=asked.collection_id,
        document_ids=asked.document_ids,
        tags=asked.tags,
    )
    items = [_shown(hit, asked.query) for hit in found.hits]
    return DocumentSearchResponse(mode=asked.mode, items=items, degraded=list(found.degraded))


def _shown(hit: Hit, query: str) -> DocumentHitResponse:
    excerpt = excerpt_for(query, Chunk(hit.number, hit.page, hit.start, hit.end, hit.heading, hit.text))
    return DocumentHitResponse(
        document_id=hit.document_id,
        document_name=hit.document_name,
        number=hit.number,
        page=hit.page,
        start=excerpt.start,
        end=excerpt.end,
        heading=hit.heading,
        excerpt=excerpt.text,
        score=hit.score,
        ranks=RanksResponse(vector=hit.ranks.vector, keyword=hit.ranks.keyword),
    )
