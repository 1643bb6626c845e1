"""The caller's profile over HTTP."""

import json
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

PROFILE = "/api/v1/profile"
WHOLE = {
    "display_name": "Sam",
    "birth_year": 1990,
    "height_cm": 176.5,
    "weight_kg": 74.25,
    "level": "intermediate",
    "goal": "strength",
    "days_per_week": 4,
    "equipment": ["barbell", "rack"],
    "injuries": ["knee"],
    "sex_for_equations": "female",
}


class TestProfile:
    """GET and PUT /profile."""

    def test_defaults_before_it_is_stored(self, caller: TestClient) -> None:
        """A new user has a beginner's profile that was never updated."""
        profile = caller.get(PROFILE).json()
        assert ("beginner", "general", 3, None) == (
            profile["level"],
            profile["goal"],
            profile["days_per_week"],
            profile["updated_at"],
        )

    def test_stores_and_reads_the_same(self, caller: TestClient) -> None:
        """What is stored comes back, then and later."""
        stored = caller.put(PROFILE, json=WHOLE).json()
        assert WHOLE == {key: stored[key] for key in WHOLE}
        assert stored == caller.get(PROFILE).json()

    def test_replaces_as_a_whole(self, caller: TestClient) -> None:
        """What is left out goes back to its default."""
        caller.put(PROFILE, json=WHOLE)
        replaced = caller.put(PROFILE, json={"goal": "muscle"}).json()
        assert (None, "muscle", []) == (replaced["display_name"], replaced["goal"], replaced["injuries"])

    def test_lists_are_sets(self, caller: TestClient) -> None:
        """An item named twice is there once."""
        stored = caller.put(PROFILE, json={"equipment": ["rack", "barbell", "rack"]}).json()
        assert ["barbell", "rack"] == stored["equipment"]

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's profile stays as it was."""
        caller.put(PROFILE, json=WHOLE)
        assert other_caller.get(PROFILE).json()["display_name"] is None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("display_name", ""),
            ("display_name", "a\x00b"),
            ("display_name", "\ud800"),
            ("display_name", "x" * 101),
            ("birth_year", 1899),
            ("birth_year", "1990"),
            ("birth_year", datetime.now(UTC).year + 1),
            ("height_cm", 280.1),
            ("height_cm", True),
            ("weight_kg", 1e308),
            ("weight_kg", "74"),
            ("level", "expert"),
            ("goal", None),
            ("days_per_week", 0),
            ("days_per_week", 10**30),
            ("equipment", ["spaceship"]),
            ("equipment", ["rack"] * 29),
            ("injuries", "knee"),
            ("sex_for_equations", None),
            ("user_id", "00000000-0000-0000-0000-000000000000"),
        ],
    )
    def test_bad_values_are_named(self, caller: TestClient, field: str, value: object) -> None:
        """A value outside what a field takes answers 422, says where, and stores nothing."""
        body = json.dumps({field: value})  # escapes what is no Unicode, where the client's own would refuse
        response = caller.put(PROFILE, content=body, headers={"content-type": "application/json"})
        assert 422 == response.status_code
        assert response.json()["errors"][0]["location"].startswith(f"body/{field}")
        assert caller.get(PROFILE).json()["updated_at"] is None

    def test_a_field_name_that_is_no_unicode(self, caller: TestClient) -> None:
        """A lone surrogate among the names answers 422 as well."""
        body = json.dumps({"\ud800": 1})
        response = caller.put(PROFILE, content=body, headers={"content-type": "application/json"})
        assert 422 == response.status_code


class TestTwoDevices:
    """PUT /profile with If-Match."""

    def test_the_version_seen_may_change(self, caller: TestClient) -> None:
        """Each change has an ETag of its own, from before the first on."""
        unstored = caller.get(PROFILE).headers["etag"]
        stored = caller.put(PROFILE, json=WHOLE, headers={"If-Match": unstored})
        changed = caller.put(PROFILE, json={}, headers={"If-Match": stored.headers["etag"]})
        assert ['"0"', '"1"', '"2"'] == [unstored, stored.headers["etag"], changed.headers["etag"]]
        assert changed.headers["etag"] == caller.get(PROFILE).headers["etag"]

    @pytest.mark.parametrize("before", [[], [WHOLE, {"goal": "muscle"}]])
    def test_a_lost_update_is_refused(self, caller: TestClient, before: list[dict]) -> None:
        """Whoever saw another version changes nothing."""
        for body in before:
            caller.put(PROFILE, json=body)
        seen = caller.get(PROFILE)
        refused = caller.put(PROFILE, json={"level": "advanced"}, headers={"If-Match": '"1"'})
        assert (412, seen.json()) == (refused.status_code, caller.get(PROFILE).json())
