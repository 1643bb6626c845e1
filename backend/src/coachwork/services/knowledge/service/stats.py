"""How much the caller has, and may still use today."""

from datetime import UTC, datetime

from coachwork.chassis.budget.callers import ledger_of
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.repository.documents import Documents
from coachwork.services.knowledge.repository.tally import read_tally
from coachwork.services.knowledge.repository.threads import Threads
from coachwork.services.knowledge.schemas.stats import BudgetResponse, KnowledgeStatsResponse


def stats(resources: Resources, principal: Principal) -> KnowledgeStatsResponse:
    """Count what the caller has in this service; the tokens are those of all services."""
    table, owner_id = resources.tables("documents"), principal.user_id
    counted, tally = Documents(table).stats(owner_id), read_tally(table, owner_id)
    threads = Threads(resources.tables("chat-history")).all(owner_id, datetime.now(UTC))
    return KnowledgeStatsResponse(
        documents=counted.documents,
        documents_by_state=dict(counted.by_state),
        searched_documents=counted.searched_documents,
        pages=counted.pages,
        chunks=counted.chunks,
        size_bytes=counted.size_bytes,
        collections=tally.collections,
        threads=len(threads),
        turns=sum(one.turns for one in threads),
        budget=_budget(resources, principal),
    )


def _budget(resources: Resources, principal: Principal) -> BudgetResponse:
    ledger = ledger_of(resources)
    standing, limit = ledger.standing(principal.user_id), ledger.limits.tokens_per_day
    return BudgetResponse(
        tokens_per_day=limit,
        used=standing.used,
        reserved=standing.reserved,
        remaining=max(0, limit - standing.used - standing.reserved),
        renews_at=standing.renews_at,
    )
