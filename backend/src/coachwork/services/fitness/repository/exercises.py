"""The exercise library."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.exercises import Exercise, Facet
from coachwork.services.fitness.schemas.exercises import ExerciseQuery


@dataclass(frozen=True)
class _Key:
    slug: str
    id: UUID


_SELECT = """
    select id, slug, name, aliases, level, mechanics, movement, measure, primary_muscles, secondary_muscles,
           equipment, stresses, instructions, cautions
    from public.exercises"""


def page(session: Session, query: ExerciseQuery, limit: int, after: tuple[str, UUID] | None) -> list[Exercise]:
    """Return the exercises the query asks for, by name, after a position."""
    return session.all(
        Exercise,
        _SELECT
        + """
        where (cardinality(%(muscles)s::text[]) = 0 or primary_muscles && %(muscles)s)
          and (cardinality(%(equipment)s::text[]) = 0 or equipment <@ %(equipment)s)
          and (cardinality(%(levels)s::text[]) = 0 or level = any (%(levels)s))
          and (cardinality(%(movements)s::text[]) = 0 or movement = any (%(movements)s))
          and name || ' ' || array_to_string(aliases, ' ') ilike all (%(words)s::text[])
          and (%(name)s::text is null or (name, id) > (%(name)s, %(id)s::uuid))
        order by name, id limit %(limit)s
        """,
        {
            "muscles": query.muscle,
            "equipment": query.equipment,
            "levels": query.level,
            "movements": query.movement,
            "words": [f"%{_escaped(word)}%" for word in (query.q or "").split()],
            "name": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )


def library(session: Session) -> list[Exercise]:
    """Return every exercise, by name."""
    return session.all(Exercise, _SELECT + " order by name, id")


def find(session: Session, slug_or_id: str | UUID) -> Exercise | None:
    """Return the exercise with this slug or id, or None."""
    if isinstance(slug_or_id, UUID):
        return session.one(Exercise, _SELECT + " where id = %(id)s", {"id": slug_or_id})
    return session.one(Exercise, _SELECT + " where slug = %(slug)s", {"slug": slug_or_id})


def ids_of(session: Session, slugs: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of the exercises with these slugs; a slug without one is left out."""
    found = session.all(
        _Key, "select slug, id from public.exercises where slug = any (%(slugs)s)", {"slugs": list(slugs)}
    )
    return {key.slug: key.id for key in found}


def facets(session: Session) -> list[Facet]:
    """Return every facet's values with their counts, the most frequent first."""
    return session.all(
        Facet,
        """
        select facet.name, facet.value, count(*) as count
        from public.exercises as exercise
        cross join lateral (
            select 'muscle', unnest(exercise.primary_muscles)
            union all select 'equipment', unnest(exercise.equipment)
            union all select 'equipment', 'none' where cardinality(exercise.equipment) = 0
            union all select 'level', exercise.level
            union all select 'movement', exercise.movement
        ) as facet (name, value)
        group by facet.name, facet.value order by facet.name, count desc, facet.value
        """,
    )


def _escaped(word: str) -> str:
    """Return `word` with the pattern's own characters taken literally."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
