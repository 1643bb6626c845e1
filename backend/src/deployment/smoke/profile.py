"""The profile: stored whole, read back the same."""

from deployment.smoke.context import CheckContext

_PATH = "/api/v1/profile"
_PROFILE = {
    "display_name": "Smoke Test",
    "birth_year": 1990,
    "height_cm": 176.0,
    "weight_kg": 74.5,
    "level": "intermediate",
    "goal": "strength",
    "days_per_week": 4,
    "equipment": ["barbell", "rack"],
    "injuries": ["shoulder"],
}


def profile(context: CheckContext) -> str:
    """What is put is what is got."""
    token = context.token()
    before = context.client.request("GET", _PATH, token=token).expect(200).mapping()
    restored = {name: value for name, value in before.items() if name != "updated_at"}
    context.add_cleanup("the profile", lambda: context.client.request("PUT", _PATH, restored, token=token))
    context.client.request("PUT", _PATH, _PROFILE, token=token).expect(200)
    stored = context.client.request("GET", _PATH, token=token).expect(200)
    for name, value in _PROFILE.items():
        stored.equal(value, name)
    return "stored and read back"
