"""Says what is known of a caller in short sentences, which a model may quote and a person can check."""

from collections.abc import Sequence

from coachwork.services.fitness.domain.profile import Profile

_GOALS = {
    "general": "general fitness",
    "strength": "strength",
    "muscle": "muscle growth",
    "fat_loss": "fat loss",
    "endurance": "endurance",
}


def profile_facts(profile: Profile) -> list[str]:
    """Return what the profile says; a profile that was never stored says nothing."""
    if profile.updated_at is None:
        return []
    facts = [
        f"Your goal is {_GOALS[profile.goal]}, your level {profile.level},"
        f" and you train {profile.days_per_week} days a week."
    ]
    if profile.weight_kg is not None:
        facts.append(f"Your body weight is {profile.weight_kg:g} kg.")
    if profile.equipment:
        facts.append(f"You can train with: {_listed(profile.equipment)}.")
    if profile.injuries:
        facts.append(f"To spare because of an injury: {_listed(profile.injuries)}.")
    return facts


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
