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
               equipment, injuries, sex_for_equations, version, updated_at
        from public.profiles
        """,
    )


def locked_version(session: Session) -> int:
    """Return the version of the caller's profile and hold its row until the session ends; 0 makes an empty one."""
    session.execute("insert into public.profiles (version) values (0) on conflict (user_id) do nothing")
    version: int = session.value("select version from public.profiles for update")
    return version


def store(session: Session, profile: ProfileRequest) -> None:
    """Store the caller's whole profile over the one that is held."""
    session.execute(
        """
        update public.profiles set
            display_name = %(display_name)s, birth_year = %(birth_year)s, height_cm = %(height_cm)s,
            weight_kg = %(weight_kg)s, level = %(level)s, goal = %(goal)s, days_per_week = %(days_per_week)s,
            equipment = %(equipment)s, injuries = %(injuries)s, sex_for_equations = %(sex_for_equations)s,
            version = version + 1, updated_at = now()
        """,
        profile.model_dump(),
    )
