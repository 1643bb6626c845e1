"""The caller's profile: at most one row."""

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.schemas.profile import ProfileRequest


def find(session: Session) -> Profile | None:
    """Return the caller's profile, or None before it is first stored."""
    return session.one(
        Profile,
        """
        select display_name, birth_year, height_cm::float8, weight_kg::float8, level, goal, days_per_week,
               equipment, injuries, updated_at
        from public.profiles
        """,
    )


def store(session: Session, profile: ProfileRequest) -> None:
    """Store the caller's whole profile, over an earlier one."""
    session.execute(
        """
        insert into public.profiles (display_name, birth_year, height_cm, weight_kg, level, goal, days_per_week,
                                     equipment, injuries)
        values (%(display_name)s, %(birth_year)s, %(height_cm)s, %(weight_kg)s, %(level)s, %(goal)s,
                %(days_per_week)s, %(equipment)s, %(injuries)s)
        on conflict (user_id) do update set
            display_name = excluded.display_name, birth_year = excluded.birth_year,
            height_cm = excluded.height_cm, weight_kg = excluded.weight_kg, level = excluded.level,
            goal = excluded.goal, days_per_week = excluded.days_per_week, equipment = excluded.equipment,
            injuries = excluded.injuries, updated_at = now()
        """,
        profile.model_dump(),
    )
