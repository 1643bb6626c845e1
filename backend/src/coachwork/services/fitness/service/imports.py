"""Importing training logs of other apps: one transaction, whose dry run says what it would do."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from pydantic import ValidationError

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.exercises import MOST_OWN, own_slug
from coachwork.services.fitness.domain.imports.errors import ImportTooLarge
from coachwork.services.fitness.domain.imports.hevy import read_hevy
from coachwork.services.fitness.domain.imports.matching import MAX_NAMES, Match, Named, matches_of
from coachwork.services.fitness.domain.imports.plan import Plan, compared, moments_of, planned
from coachwork.services.fitness.domain.imports.reading import Reading, ReadSet
from coachwork.services.fitness.domain.imports.strong import read_strong
from coachwork.services.fitness.domain.imports.text import text_of
from coachwork.services.fitness.domain.imports.wger import read_wger
from coachwork.services.fitness.errors import TooManyExercises, UnknownExercise
from coachwork.services.fitness.repository import exercises
from coachwork.services.fitness.repository import imports as repository
from coachwork.services.fitness.schemas.exercises import ExerciseRequest, Measure
from coachwork.services.fitness.schemas.imports import ImportQuery


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do; `set_counts` are the file's sets by their exercise's name in it."""

    plan: Plan
    matches: dict[str, Match]
    set_counts: Counter[str]
    lines: int
    new_exercises: int


def import_logs(
    database: Database, principal: Principal, content: bytes, query: ImportQuery, now: datetime
) -> Imported:
    """Store what is new of a file, or with `query.dry_run` only say what would be.

    Raises:
        UnreadableImport: the file is not of its kind.
        ImportTooLarge: it has too many lines or names.
        UnknownExercise: the mapping names exercises that are not there.
        TooManyExercises: it would make more exercises than one may have.
    """
    reading = _read(content, query)
    with database.session(principal) as session:
        repository.lock(session)
        library = repository.named_exercises(session)
        matches = _matches(reading, library, query)
        made = _made_own(session, reading, matches) if query.unknown == "custom" else {}
        matches |= {name: Match(exercise, "custom", 1.0) for name, (exercise, _) in made.items()}
        plan = planned(reading, matches, now, with_warmups=query.warmups == "keep")
        plan = compared(plan, repository.stored_logs(session, moments_of(plan.logs)))
        # an exercise whose sets all have problems is not made
        used = {log.exercise.slug for log in plan.of("new")}
        requests = {exercise.slug: request for exercise, request in made.values() if exercise.slug in used}
        if not query.dry_run:
            ids = {one.slug: one.id for one in library}
            ids |= {slug: exercises.create(session, slug, request) for slug, request in requests.items()}
            repository.store_logs(session, plan.of("new"), ids)
    counts = Counter(one.exercise for one in reading.sets)
    return Imported(plan, matches, counts, reading.lines, len(requests))


def _read(content: bytes, query: ImportQuery) -> Reading:
    text, unit = text_of(content), None if query.unit == "auto" else query.unit
    if query.kind == "strong":
        reading = read_strong(text, unit, query.timezone)
    elif query.kind == "hevy":
        reading = read_hevy(text, query.timezone)
    else:
        reading = read_wger(text, query.timezone)
    if len({one.exercise for one in reading.sets}) > MAX_NAMES:
        raise ImportTooLarge(f"One import takes {MAX_NAMES} different exercises: split the file")
    return reading


def _matches(reading: Reading, library: Sequence[Named], query: ImportQuery) -> dict[str, Match]:
    slugs = {one.slug for one in library}
    strange = [name for name, slug in query.mapping.items() if slug is not None and slug not in slugs]
    if strange:
        raise UnknownExercise([f"query/mapping/{name}" for name in sorted(strange)])
    return matches_of(sorted({one.exercise for one in reading.sets}), library, query.mapping)


def _made_own(
    session: Session, reading: Reading, matches: dict[str, Match]
) -> dict[str, tuple[Named, ExerciseRequest]]:
    """Return exercises of the caller's own for the names nobody knows, by the file's name; none is stored yet."""
    taken = {key.slug for key in exercises.own_keys(session)}
    own, by_name = len(taken), dict[str, tuple[Named, ExerciseRequest]]()
    made: dict[str, tuple[Named, ExerciseRequest]] = {}
    sets: defaultdict[str, list[ReadSet]] = defaultdict(list)
    for one in reading.sets:
        sets[one.exercise].append(one)
    for name in sorted(name for name, match in matches.items() if match.how == "none"):
        try:
            request = ExerciseRequest(name=name, measure=_measure(sets[name]))
        except ValidationError:  # no name an exercise can have: it stays unknown, and the answer says so
            continue
        if request.name.lower() not in by_name:
            slug = own_slug(request.name, taken)
            taken.add(slug)
            exercise = Named(uuid4(), slug, request.name, (), (), request.measure)
            by_name[request.name.lower()] = exercise, request
        made[name] = by_name[request.name.lower()]
    if own + len(by_name) > MOST_OWN:
        raise TooManyExercises(f"You would have {own + len(by_name)} exercises of your own, and can have {MOST_OWN}")
    return made


def _measure(sets: Sequence[ReadSet]) -> Measure:
    """Return what most sets are counted in."""
    counted: Counter[Measure] = Counter()
    for one in sets:
        timed: Measure = "distance" if one.done.distance_m else "duration"
        counted["reps" if one.done.reps else timed] += 1
    return counted.most_common(1)[0][0]
