"""Targets of energy and protein."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from coachwork.chassis.errors import DatabaseUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.domain.nutrition.energy import Energy
from coachwork.services.fitness.domain.nutrition.protein import Protein
from coachwork.services.fitness.domain.nutrition.targets import DOES_NOT_HOLD_FOR, in_words, start_kcal, to_ten
from coachwork.services.fitness.schemas.nutrition import (
    EnergyResponse,
    ExceptionResponse,
    InputResponse,
    MissingResponse,
    NutritionQuery,
    NutritionTargetsResponse,
    ProteinResponse,
    WithheldResponse,
)
from coachwork.services.fitness.service.nutrition import read_targets

router = APIRouter(
    prefix="/api/v1/nutrition", tags=["nutrition"], responses=documented(Unauthenticated, DatabaseUnavailable)
)


@router.get("/targets", operation_id="read_nutrition_targets")
def get_targets(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[NutritionQuery, Query()]
) -> NutritionTargetsResponse:
    """Estimate your energy and protein as ranges, with formulas, sources and limits. This is no diagnosis."""
    found = read_targets(resources.database(), principal, query, datetime.now(UTC))
    targets = found.targets
    return NutritionTargetsResponse(
        activity=query.activity,
        goal=found.goal,
        resting_energy=[_energy(one) for one in targets.resting_energy],
        daily_energy=targets.daily_energy and _energy(targets.daily_energy),
        energy_for_goal=targets.energy_for_goal and _energy(targets.energy_for_goal),
        start_kcal=targets.energy_for_goal and start_kcal(targets.energy_for_goal),
        protein=[_protein(one) for one in targets.protein],
        inputs=[InputResponse.model_validate(one) for one in found.inputs],
        missing=[MissingResponse.model_validate(one) for one in found.missing],
        withheld=[WithheldResponse.model_validate(one) for one in targets.withheld],
        does_not_hold_for=[ExceptionResponse.model_validate(one) for one in DOES_NOT_HOLD_FOR],
        in_words=in_words(targets, found.goal),
    )


def _energy(energy: Energy) -> EnergyResponse:
    rounded = {"low_kcal": to_ten(energy.low_kcal), "high_kcal": to_ten(energy.high_kcal)}
    return EnergyResponse(**{**vars(energy), **rounded})


def _protein(protein: Protein) -> ProteinResponse:
    return ProteinResponse(**{**vars(protein), "low_g": round(protein.low_g), "high_g": round(protein.high_g)})
