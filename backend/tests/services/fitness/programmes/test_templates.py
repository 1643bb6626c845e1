"""Templates of programmes: true to the library, and copied whole."""

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import PROGRAMMES, copied

from coachwork.services.fitness.domain.programmes.templates import templates
from coachwork.services.fitness.schemas.programmes import TemplateSchema

TEMPLATES = "/api/v1/programme-templates"
_COUNTED_IN = {"reps": "min_reps", "duration": "duration_seconds", "distance": "distance_m"}
each = pytest.mark.parametrize("template", templates(), ids=lambda template: template.slug)


class TestAgainstTheLibrary:
    """Every template that ships."""

    @each
    def test_names_exercises_there_are(self, template: TemplateSchema, library: Sequence[dict[str, Any]]) -> None:
        """Each slot's exercise is in the library, and its sets are counted in what the exercise is measured in."""
        measures = {exercise["slug"]: exercise["measure"] for exercise in library}
        for day in template.days:
            for slot in day.slots:
                allowed = {"duration_seconds", "distance_m"} if measures[slot.exercise] != "reps" else {"min_reps"}
                counted = {field for one in slot.sets for field in _COUNTED_IN.values() if getattr(one, field)}
                assert counted <= allowed

    @each
    def test_says_what_it_needs(self, template: TemplateSchema, library: Sequence[dict[str, Any]]) -> None:
        """The equipment is all that its exercises need, and nothing else."""
        needs = {exercise["slug"]: exercise["equipment"] for exercise in library}
        used = {item for day in template.days for slot in day.slots for item in needs[slot.exercise]}
        assert sorted(used) == template.equipment

    def test_there_are_styles_enough(self) -> None:
        """Eight at least, of which one needs nothing but the body and one dumbbells and a bench."""
        assert len({template.slug for template in templates()}) >= 8
        assert {(), ("bench", "dumbbell")} <= {tuple(template.equipment) for template in templates()}

    @each
    def test_can_be_copied(self, caller: TestClient, template: TemplateSchema) -> None:
        """A copy is a programme with the same days and slots, and it asks for something."""
        copy = copied(caller, template.slug)
        assert (template.name, "template", template.slug, "active") == tuple(
            copy[key] for key in ("name", "source", "template", "status")
        )
        assert [[slot.exercise for slot in day.slots] for day in template.days] == [
            [slot["exercise"] for slot in day["slots"]] for day in copy["days"]
        ]
        asked = caller.get(f"{PROGRAMMES}/{copy['id']}/targets").json()
        assert copy["days"][0]["id"] == asked["next_day_id"]
        assert all(slot["targets"] and slot["decision"]["sentence"] for day in asked["days"] for slot in day["slots"])


class TestReading:
    """GET /programme-templates."""

    def test_list_and_one(self, caller: TestClient) -> None:
        """Each of the list can be read by its slug."""
        listed = caller.get(TEMPLATES).json()["items"]
        assert [template.slug for template in templates()] == [one["slug"] for one in listed]
        assert listed[0] == caller.get(f"{TEMPLATES}/{listed[0]['slug']}").json()

    def test_one_there_is_not(self, caller: TestClient) -> None:
        """404, and 422 for a copy of it."""
        assert (404, "template-not-found") == problem(caller.get(f"{TEMPLATES}/no-such"))
        assert (422, "unknown-template") == problem(caller.post(PROGRAMMES, json={"template": "no-such"}))

    def test_without_a_token(self, client: TestClient) -> None:
        """For signed-in callers."""
        assert (401, "unauthenticated") == problem(client.get(TEMPLATES))
