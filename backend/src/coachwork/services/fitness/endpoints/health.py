"""Readiness: does every part the coach stands on answer?"""

import asyncio
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response

from coachwork.chassis.http.dependencies import CurrentResources
from coachwork.services.fitness.schemas.health import HealthResponse
from coachwork.services.fitness.service.health import Prober, check_health, prober_of

router = APIRouter(prefix="/api/v1/health", tags=["health"])


async def _prober(request: Request, resources: CurrentResources) -> Prober:
    """Return the application's one prober; runs on the event loop, so no two are ever made."""
    state = request.app.state
    if not hasattr(state, "fitness_prober"):
        state.fitness_prober = prober_of(resources)
    return cast(Prober, state.fitness_prober)


@router.get("", include_in_schema=False)
@router.get(
    "/",
    operation_id="read_health",
    responses={503: {"model": HealthResponse, "description": "A part is down; the same keys say which"}},
)
async def read_health(prober: Annotated[Prober, Depends(_prober)], response: Response) -> HealthResponse:
    """Say which parts answer, in less than two seconds even when one hangs; 503 unless all do."""
    # not in the pool of threads that other requests fill while a part hangs
    health = await asyncio.get_running_loop().run_in_executor(None, check_health, prober)
    response.status_code = 200 if health.status == "ok" else 503
    response.headers["Cache-Control"] = "no-store"
    return HealthResponse.model_validate(health)
