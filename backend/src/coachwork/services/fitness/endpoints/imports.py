"""Importing training logs of other apps."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter, ValidationError

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, InvalidRequest, Unauthenticated, WrongValue
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.uploads import Upload, UploadedFile
from coachwork.services.fitness.domain.imports.errors import ImportTooLarge, TooMuchToRestore, UnreadableImport
from coachwork.services.fitness.domain.imports.plan import PlannedLog
from coachwork.services.fitness.schemas.export import RestoredTableResponse, RestoreResponse
from coachwork.services.fitness.schemas.imports import (
    DifferingLogResponse,
    ExerciseMapping,
    ImportCountsResponse,
    ImportQuery,
    ImportResponse,
    Kind,
    LineProblemResponse,
    MatchResponse,
    SuggestionResponse,
)
from coachwork.services.fitness.service.imports import Imported, import_logs
from coachwork.services.fitness.service.restore import restore

router = APIRouter(
    prefix="/api/v1/imports", tags=["import and export"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

_MOST_LISTED = 200
_FILE = {"type": "string", "description": "The file as the app wrote it"}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": _FILE | {"format": "binary"}, "mapping": {"type": "string"}},
                }
            },
            "application/octet-stream": {"schema": _FILE | {"format": "binary"}},
        },
    }
}
_mapping = TypeAdapter[dict[str, str | None]](ExerciseMapping)


@router.post(
    "",
    operation_id="import_logs",
    responses=documented(Conflict, ImportTooLarge, TooMuchToRestore, UnreadableImport),
    openapi_extra=_BODY,
)
def post_import(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    query: Annotated[ImportQuery, Query()],
    upload: UploadedFile,
) -> Annotated[ImportResponse | RestoreResponse, Field(discriminator="kind")]:
    """Import a file of Strong's, Hevy's or wger's into your logs, or restore an export.

    What you have already stays as it is. The file is the field `file` of a form, or the body of any other type.
    """
    now = datetime.now(UTC)
    if query.kind == "coachwork":
        restored = restore(resources.database(), principal, upload.content, dry_run=query.dry_run, now=now)
        tables = {name: RestoredTableResponse.model_validate(one) for name, one in restored.items()}
        return RestoreResponse(kind=query.kind, dry_run=query.dry_run, restored=tables)
    kind, query = query.kind, query.model_copy(update={"mapping": {**query.mapping, **_form_mapping(upload)}})
    imported = import_logs(resources.database(), principal, upload.content, query, now)
    return _answer(imported, kind, dry_run=query.dry_run)


def _form_mapping(upload: Upload) -> dict[str, str | None]:
    if not (given := upload.fields.get("mapping")):
        return {}
    try:
        return _mapping.validate_python(given)
    except ValidationError as error:
        message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise InvalidRequest(values=[WrongValue("body/mapping", message)]) from error


def _answer(imported: Imported, kind: Kind, *, dry_run: bool) -> ImportResponse:
    plan = imported.plan
    return ImportResponse(
        kind=kind,
        dry_run=dry_run,
        counts=_counts(imported),
        mapping=_matches(imported),
        problems=[LineProblemResponse.model_validate(one) for one in plan.problems[:_MOST_LISTED]],
        differing=[
            DifferingLogResponse(exercise=log.exercise.slug, performed_at=log.performed_at, line=log.lines[0])
            for log in plan.of("differing")[:_MOST_LISTED]
        ],
        skipped=dict(plan.skipped),
    )


def _counts(imported: Imported) -> ImportCountsResponse:
    plan = imported.plan
    new, duplicate, differing = plan.of("new"), plan.of("duplicate"), plan.of("differing")
    return ImportCountsResponse(
        lines=imported.lines,
        new_logs=len(new),
        new_sets=_sets(new),
        duplicate_logs=len(duplicate),
        duplicate_sets=_sets(duplicate),
        differing_logs=len(differing),
        differing_sets=_sets(differing),
        unmapped_sets=sum(plan.unmapped.values()),
        problem_lines=len(plan.problems),
        skipped_lines=sum(plan.skipped.values()),
        new_exercises=imported.new_exercises,
    )


def _sets(logs: Sequence[PlannedLog]) -> int:
    return sum(len(log.sets) for log in logs)


def _matches(imported: Imported) -> list[MatchResponse]:
    return [
        MatchResponse(
            name=name,
            exercise=match.exercise.slug if match.exercise else None,
            how=match.how,
            score=match.score,
            sets=imported.set_counts[name],
            suggestions=[SuggestionResponse.model_validate(one) for one in match.suggestions],
        )
        for name, match in sorted(imported.matches.items())
    ]
