"""Writing the exercise library; the login must own the table, for nobody else may write to it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from coachwork.chassis.sql.session import Session


def upsert_exercises(session: Session, exercises: Sequence[Mapping[str, Any]]) -> int:
    """Insert exercises and update those whose slug exists; return how many rows are new or different.

    An exercise keeps its id, which workouts and logs refer to; none is ever removed.
    """
    return session.execute(
        """
        insert into public.exercises as stored (
            slug, name, aliases, level, mechanics, movement, measure, primary_muscles, secondary_muscles,
            equipment, stresses, instructions, cautions, image_key)
        select slug, name, aliases, level, mechanics, movement, measure, primary_muscles, secondary_muscles,
               equipment, stresses, instructions, cautions, image_key
        from jsonb_populate_recordset(null::public.exercises, %(exercises)s::jsonb)
        on conflict (slug, user_id) do update set
            name = excluded.name, aliases = excluded.aliases, level = excluded.level,
            mechanics = excluded.mechanics, movement = excluded.movement, measure = excluded.measure,
            primary_muscles = excluded.primary_muscles, secondary_muscles = excluded.secondary_muscles,
            equipment = excluded.equipment, stresses = excluded.stresses,
            instructions = excluded.instructions, cautions = excluded.cautions, image_key = excluded.image_key,
            version = stored.version + 1, updated_at = now()
        where (stored.name, stored.aliases, stored.level, stored.mechanics, stored.movement, stored.measure,
               stored.primary_muscles, stored.secondary_muscles, stored.equipment, stored.stresses,
               stored.instructions, stored.cautions, stored.image_key)
            is distinct from
              (excluded.name, excluded.aliases, excluded.level, excluded.mechanics, excluded.movement,
               excluded.measure, excluded.primary_muscles, excluded.secondary_muscles, excluded.equipment,
               excluded.stresses, excluded.instructions, excluded.cautions, excluded.image_key)
        """,
        {"exercises": json.dumps(list(exercises))},
    )
