"""The exercise library."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from coachwork.chassis.errors import DatabaseUnavailable, ObjectStoreUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page, Printable
from coachwork.services.fitness.errors import ExerciseNotFound
from coachwork.services.fitness.schemas.exercises import (
    ExerciseQuery,
    ExerciseResponse,
    FacetResponse,
    FacetsResponse,
)
from coachwork.services.fitness.schemas.videos import ExerciseVideoItem, ExerciseVideosResponse
from coachwork.services.fitness.service.exercises import count_facets, list_exercises, read_exercise
from coachwork.services.fitness.service.videos import list_exercise_videos

router = APIRouter(
    prefix="/api/v1/exercises", tags=["exercises"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

SlugOrId = Annotated[str, Path(min_length=1, max_length=100, examples=["barbell-back-squat"]), Printable]


@router.get("", operation_id="list_exercises")
def get_exercises(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[ExerciseQuery, Query()]
) -> Page[ExerciseResponse]:
    """List exercises by name."""
    found, next_cursor = list_exercises(resources.database(), principal, query)
    return Page(items=[ExerciseResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/facets", operation_id="count_exercise_facets")
def get_facets(principal: CurrentPrincipal, resources: CurrentResources) -> FacetsResponse:
    """List the values the filters take, with the number of exercises each finds on its own."""
    found = count_facets(resources.database(), principal)
    return FacetsResponse(
        **{
            name: [FacetResponse.model_validate(facet) for facet in found if facet.name == name]
            for name in FacetsResponse.model_fields
        }
    )


@router.get("/{slug_or_id}", operation_id="read_exercise", responses=documented(ExerciseNotFound))
def get_exercise(principal: CurrentPrincipal, resources: CurrentResources, slug_or_id: SlugOrId) -> ExerciseResponse:
    """Read one exercise by its slug or its id."""
    return ExerciseResponse.model_validate(read_exercise(resources.database(), principal, slug_or_id))


@router.get(
    "/{slug_or_id}/videos",
    operation_id="list_exercise_videos",
    responses=documented(ExerciseNotFound, DatabaseUnavailable, ObjectStoreUnavailable),
)
def get_exercise_videos(
    principal: CurrentPrincipal, resources: CurrentResources, slug_or_id: SlugOrId
) -> ExerciseVideosResponse:
    """List the videos of an exercise: those at `exercises/{slug}/{level}.mp4`."""
    exercise = read_exercise(resources.database(), principal, slug_or_id)
    found = list_exercise_videos(resources.blobs(), exercise.slug)
    return ExerciseVideosResponse(items=[ExerciseVideoItem.model_validate(one) for one in found])
