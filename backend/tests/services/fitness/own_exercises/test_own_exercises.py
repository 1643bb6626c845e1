"""Exercises of one's own over HTTP: made, changed, archived and deleted."""

from uuid import uuid4

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import Json, problem
from tests.services.fitness.own_exercises.calls import (
    ANVIL,
    EXERCISES,
    LOGS,
    SETS,
    SQUAT,
    WORKOUTS,
    add,
    listed,
    squats,
)

from coachwork.services.fitness.domain.exercises import MOST_OWN, Uses


class TestAdd:
    """POST /exercises."""

    def test_stores_and_says_where(self, caller: TestClient) -> None:
        """Location names it, its ETag is its version, and it is the caller's own."""
        response = caller.post(EXERCISES, json=ANVIL)
        read = caller.get(response.headers["location"])
        assert (201, f"{EXERCISES}/my-anvil-squat", '"1"') == (
            response.status_code,
            response.headers["location"],
            response.headers["etag"],
        )
        assert (response.json(), '"1"') == (read.json(), read.headers["etag"])
        assert {**ANVIL, "own": True, "archived": False, "videos": []}.items() <= read.json().items()

    def test_a_name_is_enough(self, caller: TestClient) -> None:
        """What was not said is unknown or ordinary: no muscles, no equipment, counted in repetitions."""
        added = caller.post(EXERCISES, json={"name": "Thing"}).json()
        assert ([], [], "reps", "other") == (
            added["primary_muscles"],
            added["equipment"],
            added["measure"],
            added["movement"],
        )

    def test_a_name_of_the_library(self, caller: TestClient) -> None:
        """An own exercise may be called like one of the library's, and hides nothing."""
        theirs = caller.get(SQUAT).json()
        mine = add(caller, name=theirs["name"])
        assert ("my-barbell-back-squat", theirs) == (mine["slug"], caller.get(SQUAT).json())

    def test_names_that_read_alike(self, caller: TestClient) -> None:
        """Two names with one slug are numbered."""
        assert ["my-anvil-squat", "my-anvil-squat-2"] == [
            add(caller, name=name)["slug"] for name in ("Anvil Squat", "Anvil-Squat")
        ]

    def test_a_name_of_ones_own(self, caller: TestClient) -> None:
        """A second of the same name, whatever its case, is refused."""
        add(caller)
        again = caller.post(EXERCISES, json={"name": "ANVIL  squat"})
        assert (409, "exercise-name-taken") == problem(again)

    def test_there_is_a_limit(self, caller: TestClient, test_database: TestDatabase) -> None:
        """The one beyond the limit is refused; a deleted one makes room."""
        _fill(test_database, add(caller)["id"])
        refused = caller.post(EXERCISES, json={"name": "one more"})
        caller.delete(f"{EXERCISES}/my-anvil-squat")
        assert (409, "too-many-exercises") == problem(refused)
        assert 201 == caller.post(EXERCISES, json={"name": "one more"}).status_code

    @pytest.mark.parametrize(
        ("fields", "location"),
        [
            ({"name": ""}, "body/name"),
            ({"name": "\u2028"}, "body/name"),
            ({"name": "a\u0000b"}, "body/name"),
            ({"name": "a\u202egnp.b"}, "body/name"),
            ({"name": "x" * 101}, "body/name"),
            ({"aliases": ["x"] * 21}, "body/aliases"),
            ({"primary_muscles": ["heart"]}, "body/primary_muscles/0"),
            ({"equipment": ["none"]}, "body/equipment/0"),
            ({"slug": "barbell-back-squat"}, "body/slug"),
            ({"user_id": str(uuid4())}, "body/user_id"),
            ({"image_key": "videos/x.mp4"}, "body/image_key"),
        ],
    )
    def test_bad_values_are_named(self, caller: TestClient, fields: Json, location: str) -> None:
        """A value outside what a field takes answers 422 and says where."""
        response = caller.post(EXERCISES, json={**ANVIL, **fields})
        assert (422, location) == (response.status_code, response.json()["errors"][0]["location"])

    def test_a_name_is_one_line(self, caller: TestClient) -> None:
        """Line breaks and runs of spaces become a space; what is said twice is kept once."""
        added = add(caller, name="Anvil\n\n  Squat", aliases=["a  b", "a b"])
        assert ("Anvil Squat", ["a b"]) == (added["name"], added["aliases"])


class TestChange:
    """PUT and PATCH /exercises/{slug_or_id}."""

    def test_replaces_as_a_whole(self, caller: TestClient) -> None:
        """What is left out goes back to its default; the slug stays, and the version is the next."""
        path = f"{EXERCISES}/{add(caller)['slug']}"
        response = caller.put(path, json={"name": "Front-held Squat"})
        assert ("my-anvil-squat", "Front-held Squat", [], '"2"') == (
            response.json()["slug"],
            response.json()["name"],
            response.json()["primary_muscles"],
            response.headers["etag"],
        )
        assert response.json() == caller.get(path).json()

    def test_changes_what_is_said(self, caller: TestClient) -> None:
        """Aliases are edited and the rest stays; history shows the new name."""
        added = add(caller)
        caller.post(LOGS, json={"exercise": added["slug"], "sets": SETS})
        changes = {"name": "Anvil", "aliases": ["crook squat", "arm squat"]}
        changed = caller.patch(f"{EXERCISES}/{added['id']}", json=changes).json()
        assert {**added, **changes} == changed
        assert "Anvil" == caller.get(LOGS).json()["items"][0]["exercise_name"]

    def test_a_lost_update_is_refused(self, caller: TestClient) -> None:
        """Whoever saw an earlier version changes and deletes nothing."""
        path = f"{EXERCISES}/{add(caller)['slug']}"
        seen = {"If-Match": caller.get(path).headers["etag"]}
        first = caller.patch(path, json={"level": "advanced"}, headers=seen)
        stale = [
            caller.patch(path, json={"level": "beginner"}, headers=seen),
            caller.put(path, json=ANVIL, headers=seen),
            caller.delete(path, headers=seen),
        ]
        assert (200, [(412, "precondition-failed")] * 3) == (first.status_code, [problem(one) for one in stale])
        assert first.json() == caller.get(path).json()

    def test_into_a_name_of_ones_own(self, caller: TestClient) -> None:
        """Renaming to another's name is refused; to one's own, in another case, is not."""
        add(caller)
        other = f"{EXERCISES}/{add(caller, name='Other')['slug']}"
        assert (409, "exercise-name-taken") == problem(caller.patch(other, json={"name": "anvil squat"}))
        assert 200 == caller.patch(other, json={"name": "OTHER"}).status_code

    @pytest.mark.parametrize("body", [{"name": None}, {"aliases": None}, {"archived": "yes"}, {"slug": "x"}])
    def test_bad_changes_are_refused(self, caller: TestClient, body: Json) -> None:
        """Nothing can be cleared or made what it is not."""
        path = f"{EXERCISES}/{add(caller)['slug']}"
        assert 422 == caller.patch(path, json=body).status_code

    @pytest.mark.parametrize(("method", "body"), [("PUT", ANVIL), ("PATCH", {"name": "x"}), ("DELETE", None)])
    def test_the_library_stays(self, caller: TestClient, method: str, body: Json | None) -> None:
        """The library's are everybody's: 403, and nothing changes."""
        before = caller.get(SQUAT)
        refused = caller.request(method, SQUAT, json=body)
        assert (403, "not-your-exercise") == problem(refused)
        assert (before.json(), before.headers["etag"]) == (
            caller.get(SQUAT).json(),
            caller.get(SQUAT).headers["etag"],
        )

    def test_the_facets_are_no_exercise(self, caller: TestClient) -> None:
        """They are read, and that is what the answer to another method says."""
        answers = [caller.request(method, f"{EXERCISES}/facets", json={}) for method in ("PUT", "PATCH", "DELETE")]
        assert [(405, "GET")] * 3 == [(one.status_code, one.headers["allow"]) for one in answers]


class TestDelete:
    """DELETE /exercises/{slug_or_id}, and archiving."""

    def test_what_nothing_uses_is_gone(self, caller: TestClient) -> None:
        """A deleted one answers 404, is in no list, and its name is free."""
        path = f"{EXERCISES}/{add(caller)['slug']}"
        assert [204, 404] == [caller.delete(path).status_code, caller.get(path).status_code]
        assert ([], "my-anvil-squat") == (listed(caller), add(caller)["slug"])

    def test_what_is_in_use_stays(self, caller: TestClient) -> None:
        """The refusal says what would lose it; once that is gone, so may it be."""
        slug = add(caller)["slug"]
        logs = [caller.post(LOGS, json={"exercise": slug, "sets": SETS}).json()["id"] for _ in range(2)]
        planned = {"name": "x", "exercises": [{"exercise": slug, "target_sets": 3}]}
        workout = caller.post(WORKOUTS, json=planned).json()["id"]
        refused = caller.delete(f"{EXERCISES}/{slug}")
        assert (409, "exercise-in-use") == problem(refused)
        assert refused.json()["detail"].startswith("2 logs and 1 workout would lose it.")
        for path in (f"{LOGS}/{logs[0]}", f"{LOGS}/{logs[1]}", f"{WORKOUTS}{workout}"):
            caller.delete(path)
        assert 204 == caller.delete(f"{EXERCISES}/{slug}").status_code

    def test_whatever_uses_it_is_said(self, caller: TestClient) -> None:
        """A session that was begun with it keeps it, as a goal and a programme do."""
        slug = add(caller)["slug"]
        session = caller.post("/api/v1/sessions", json={"name": "Today"}).json()["id"]
        added = caller.post(f"/api/v1/sessions/{session}/exercises", json={"exercise": slug})
        assert 201 == added.status_code, added.text
        refused = caller.delete(f"{EXERCISES}/{slug}")
        assert (409, "exercise-in-use") == problem(refused)
        assert refused.json()["detail"].startswith("1 session would lose it.")

    @pytest.mark.parametrize(
        ("uses", "said"),
        [
            (Uses(0, 0, 0, 0, 0), ""),
            (Uses(1, 0, 0, 0, 0), "1 log"),
            (Uses(0, 0, 2, 0, 1), "2 programmes and 1 goal"),
            (Uses(2, 1, 0, 3, 0), "2 logs, 1 workout and 3 sessions"),
        ],
    )
    def test_uses_are_counted_in_words(self, uses: Uses, said: str) -> None:
        """Each kind with its number, and nothing for nothing."""
        assert said == str(uses)

    def test_archived_leaves_the_lists_and_stays_in_history(self, caller: TestClient) -> None:
        """Archived: out of list and facets, still read by its slug, named by its logs, and brought back."""
        slug = add(caller)["slug"]
        log = caller.post(LOGS, json={"exercise": slug, "sets": SETS}).json()
        before = squats(caller)
        archived = caller.patch(f"{EXERCISES}/{slug}", json={"archived": True}).json()
        assert (True, [], [slug], before - 1) == (
            archived["archived"],
            listed(caller),
            listed(caller, archived=True),
            squats(caller),
        )
        assert "Anvil Squat" == caller.get(f"{LOGS}/{log['id']}").json()["exercise_name"]
        caller.put(f"{EXERCISES}/{slug}", json=ANVIL)
        assert [] == listed(caller)  # a replacement does not bring it back unasked
        caller.patch(f"{EXERCISES}/{slug}", json={"archived": False})
        assert [slug] == listed(caller)


def _fill(test_database: TestDatabase, exercise_id: str) -> None:
    """Give the exercise's owner as many as there can be."""
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        connection.execute(
            """
            insert into exercises (user_id, slug, name, level, mechanics, movement, measure, primary_muscles,
                                   instructions)
            select user_id, 'my-' || number, 'my ' || number, level, mechanics, movement, measure, '{}', '{}'
            from exercises, generate_series(2, %s::integer) as number where id = %s""",
            [MOST_OWN, exercise_id],
        )
