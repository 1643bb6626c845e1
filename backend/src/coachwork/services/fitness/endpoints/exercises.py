"""The exercise library, and exercises of one's own."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from coachwork.chassis.errors import (
    Conflict,
    DatabaseUnavailable,
    MalformedRequest,
    ObjectStoreUnavailable,
    PreconditionFailed,
    Unauthenticated,
)
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page, Printable
from coachwork.services.fitness.domain.exercises import Exercise
from coachwork.services.fitness.errors import (
    ExerciseInUse,
    ExerciseNameTaken,
    ExerciseNotFound,
    NotYourExercise,
    TooManyExercises,
)
from coachwork.services.fitness.schemas.exercises import (
    EquivalentsQuery,
    EquivalentsResponse,
    ExercisePatch,
    ExerciseQuery,
    ExerciseRequest,
    ExerciseResponse,
    FacetResponse,
    FacetsResponse,
)
from coachwork.services.fitness.schemas.videos import ExerciseVideoItem, ExerciseVideosResponse
from coachwork.services.fitness.service.exercises import (
    change_exercise,
    count_facets,
    create_exercise,
    delete_exercise,
    find_equivalents,
    list_exercises,
    read_exercise,
    replace_exercise,
)
from coachwork.services.fitness.service.videos import list_exercise_videos

router = APIRouter(
    prefix="/api/v1/exercises", tags=["exercises"], responses=documented(Unauthenticated, DatabaseUnavailable)
)


class _ExerciseKey(Convertor[str]):
    """A segment of a path that names an exercise: `facets` is another thing, which nobody changes."""

    regex = "(?!facets$)[^/]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("exercise", _ExerciseKey())

SlugOrId = Annotated[str, Path(min_length=1, max_length=100, examples=["barbell-back-squat"]), Printable]

_CHANGE = documented(MalformedRequest, NotYourExercise, ExerciseNotFound, ExerciseNameTaken, PreconditionFailed)
_DELETE = documented(MalformedRequest, NotYourExercise, ExerciseNotFound, ExerciseInUse, PreconditionFailed)


@router.get("", operation_id="list_exercises")
def get_exercises(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[ExerciseQuery, Query()]
) -> Page[ExerciseResponse]:
    """List exercises by name: the library's and your own."""
    found, next_cursor = list_exercises(resources.database(), principal, query)
    return Page(items=[ExerciseResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.post(
    "",
    status_code=201,
    operation_id="create_exercise",
    responses=documented(Conflict, ExerciseNameTaken, TooManyExercises),
)
def post_exercise(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    exercise: ExerciseRequest,
    request: Request,
    response: Response,
) -> ExerciseResponse:
    """Add an exercise of your own, which only you see, and use it wherever one of the library's can be used."""
    stored = create_exercise(resources.database(), principal, exercise)
    response.headers["Location"] = f"{request.scope['path']}/{stored.slug}"
    return _shown(stored, response)


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
def get_exercise(
    principal: CurrentPrincipal, resources: CurrentResources, slug_or_id: SlugOrId, response: Response
) -> ExerciseResponse:
    """Read one exercise by its slug or its id."""
    return _shown(read_exercise(resources.database(), principal, slug_or_id), response)


@router.put("/{slug_or_id:exercise}", operation_id="replace_exercise", responses=_CHANGE)
def put_exercise(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    slug_or_id: SlugOrId,
    exercise: ExerciseRequest,
    expected: ExpectedVersion,
    response: Response,
) -> ExerciseResponse:
    """Replace one of your own exercises as a whole; its slug, and whether it is archived, stay."""
    stored = replace_exercise(resources.database(), principal, slug_or_id, exercise, expected)
    return _shown(stored, response)


@router.patch("/{slug_or_id:exercise}", operation_id="change_exercise", responses=_CHANGE)
def patch_exercise(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    slug_or_id: SlugOrId,
    patch: ExercisePatch,
    expected: ExpectedVersion,
    response: Response,
) -> ExerciseResponse:
    """Change the fields you give of one of your own exercises, archive it or bring it back; the rest stays."""
    return _shown(change_exercise(resources.database(), principal, slug_or_id, patch, expected), response)


@router.delete("/{slug_or_id:exercise}", status_code=204, operation_id="delete_exercise", responses=_DELETE)
def remove_exercise(
    principal: CurrentPrincipal, resources: CurrentResources, slug_or_id: SlugOrId, expected: ExpectedVersion
) -> None:
    """Delete one of your own exercises that nothing uses; one that is in use can be archived."""
    delete_exercise(resources.database(), principal, slug_or_id, expected)


@router.get(
    "/{slug_or_id}/equivalents", operation_id="list_exercise_equivalents", responses=documented(ExerciseNotFound)
)
def get_equivalents(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    slug_or_id: SlugOrId,
    query: Annotated[EquivalentsQuery, Query()],
) -> EquivalentsResponse:
    """List what can stand in for an exercise, the best first, each with why; what you have to spare is spared."""
    found = find_equivalents(resources.database(), principal, slug_or_id, query)
    return EquivalentsResponse.model_validate(found)


@router.get(
    "/{slug_or_id}/videos",
    operation_id="list_exercise_videos",
    responses=documented(ExerciseNotFound, DatabaseUnavailable, ObjectStoreUnavailable),
)
def get_exercise_videos(
    principal: CurrentPrincipal, resources: CurrentResources, slug_or_id: SlugOrId
) -> ExerciseVideosResponse:
    """List the videos of an exercise: those at `exercises/{slug}/{level}.mp4`; your own have none."""
    exercise = read_exercise(resources.database(), principal, slug_or_id)
    found = [] if exercise.own else list_exercise_videos(resources.blobs("videos"), exercise.slug)
    return ExerciseVideosResponse(items=[ExerciseVideoItem.model_validate(one) for one in found])


def _shown(exercise: Exercise, response: Response) -> ExerciseResponse:
    set_etag(response, exercise.version)
    return ExerciseResponse.model_validate(exercise)
