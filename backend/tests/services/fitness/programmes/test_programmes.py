"""Programmes over HTTP."""

from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import (
    BENCH,
    PROGRAMMES,
    SESSIONS,
    SQUAT,
    Json,
    a_programme,
    asked_loads,
    created,
    do_everything,
    started,
    three_fives,
    writable,
)

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.programmes.plan import Programme
from coachwork.services.fitness.schemas.programmes import ProgrammeRequest
from coachwork.services.fitness.service.programmes import accept_programme, store_draft


def _one_slot(**fields: object) -> Json:
    return a_programme(days=[{"name": "A", "slots": [three_fives(**fields)]}])


class TestCreate:
    """POST /programmes."""

    def test_stores_and_says_where(self, caller: TestClient) -> None:
        """Location names what was stored, its ETag the version; what was left out is filled in."""
        answer = caller.post(PROGRAMMES, json=a_programme())
        assert (201, '"1"') == (answer.status_code, answer.headers["etag"])
        assert answer.json() == caller.get(answer.headers["location"]).json()
        slot = answer.json()["days"][0]["slots"][0]
        assert (3, 5, 2.5, 10.0) == (
            slot["sets"][0]["max_sets"],
            slot["sets"][0]["max_reps"],
            slot["rounding_kg"],
            slot["progression"]["deload"]["percent"],
        )

    def test_unknown_exercises_are_named(self, caller: TestClient) -> None:
        """Each is pointed at, and nothing is stored."""
        days = [
            {"name": "A", "slots": [three_fives(), three_fives("no-such")]},
            {"name": "B", "slots": [three_fives("nor-this")]},
        ]
        answer = caller.post(PROGRAMMES, json=a_programme(days=days))
        assert ["body/days/0/slots/1/exercise", "body/days/1/slots/0/exercise"] == [
            error["location"] for error in answer.json()["errors"]
        ]
        assert [] == caller.get(PROGRAMMES).json()["items"]

    @pytest.mark.parametrize(
        ("body", "location"),
        [
            ({}, "body"),
            ({"name": "x", "template": "five-by-five", "days": []}, "body"),
            (_one_slot(sets=[]), "body/days/0/slots/0/sets"),
            (_one_slot(sets=[{"min_reps": 5, "duration_seconds": 5}]), "body/days/0/slots/0/sets/0"),
            (_one_slot(sets=[{"min_sets": 3, "max_sets": 2, "min_reps": 5}]), "body/days/0/slots/0/sets/0"),
            (_one_slot(sets=[{"min_reps": 5, "max_reps": 4}]), "body/days/0/slots/0/sets/0"),
            (_one_slot(sets=[{"min_reps": 5, "percent_of_e1rm": 80.0}]), "body/days/0/slots/0"),
            (_one_slot(sets=[{"duration_seconds": 60}]), "body/days/0/slots/0"),
            (_one_slot(sets=[{"min_reps": 5, "weeks": [2]}]), "body"),
            (_one_slot(id=str(uuid4())), "body/days/0/slots/0/id"),  # only a programme that is there has parts
            (_one_slot(rounding_kg=0), "body/days/0/slots/0/rounding_kg"),
        ],
    )
    def test_bad_values_are_named(self, caller: TestClient, body: Json, location: str) -> None:
        """A value outside what a field takes answers 422 and says where."""
        answer = caller.post(PROGRAMMES, json=body)
        assert (422, location) == (answer.status_code, answer.json()["errors"][0]["location"])


class TestReplace:
    """PUT /programmes/{id}."""

    def test_with_itself(self, caller: TestClient) -> None:
        """What was read can be written back: nothing changes but the version."""
        programme = created(caller)
        answer = caller.put(f"{PROGRAMMES}/{programme['id']}", json=writable(programme), headers={"If-Match": '"1"'})
        changed = {"version": 2, "updated_at": answer.json()["updated_at"]}
        assert {**programme, **changed} == answer.json()

    def test_a_lost_update(self, caller: TestClient) -> None:
        """Who saw an older version is refused, and nothing changes."""
        programme = created(caller)
        path, body = f"{PROGRAMMES}/{programme['id']}", writable(programme)
        caller.put(path, json={**body, "name": "First"}, headers={"If-Match": '"1"'})
        late = caller.put(path, json={**body, "name": "Second"}, headers={"If-Match": '"1"'})
        assert (412, "precondition-failed") == problem(late)
        assert ("First", '"2"') == (caller.get(path).json()["name"], caller.get(path).headers["etag"])

    def test_moving_and_removing(self, caller: TestClient) -> None:
        """A slot may move from a day that goes; what is not named is removed, what has no id is new."""
        programme = created(
            caller, days=[{"name": "A", "slots": [three_fives(), three_fives(BENCH)]}, {"name": "B", "slots": []}]
        )
        body = writable(programme)
        moved = body["days"][0]["slots"][1]
        body["days"] = [{**body["days"][1], "slots": [moved, three_fives("leg-press")]}]
        days = caller.put(f"{PROGRAMMES}/{programme['id']}", json=body).json()["days"]
        assert ["B"] == [day["name"] for day in days]
        assert [BENCH, "leg-press"] == [slot["exercise"] for slot in days[0]["slots"]]
        assert moved["id"] == days[0]["slots"][0]["id"]

    def test_keeps_the_progression_of_slots_it_names(self, caller: TestClient) -> None:
        """New repetitions, notes and rests leave the load where it is; a new load starts from there."""
        programme = created(caller)
        do_everything(caller, started(caller, programme["days"][0]))
        body = writable(caller.get(f"{PROGRAMMES}/{programme['id']}").json())
        body["days"][0]["slots"][0]["sets"][0] |= {"min_reps": 4, "max_reps": 4, "rest_seconds": 240}
        body["days"][0]["slots"][1]["sets"][0] |= {"weight_kg": 30.0}
        caller.put(f"{PROGRAMMES}/{programme['id']}", json=body)
        assert [62.5, 30.0] == asked_loads(caller, programme)

    @pytest.mark.parametrize("twice", [True, False])
    def test_ids_that_are_none(self, caller: TestClient, twice: bool) -> None:
        """Another's id, or one named twice, is pointed at."""
        programme, other = created(caller), created(caller)
        body = writable(programme)
        body["days"][0]["slots"][1]["id"] = (programme if twice else other)["days"][0]["slots"][0]["id"]
        answer = caller.put(f"{PROGRAMMES}/{programme['id']}", json=body)
        assert (422, "unknown-part") == problem(answer)
        assert ["body/days/0/slots/1/id"] == [error["location"] for error in answer.json()["errors"]]


class TestChange:
    """PATCH /programmes/{id}."""

    def test_name_and_status(self, caller: TestClient) -> None:
        """What is given changes, the rest stays; the list filters by status."""
        programme = created(caller)
        answer = caller.patch(f"{PROGRAMMES}/{programme['id']}", json={"name": "Other", "status": "archived"})
        assert ("Other", "archived", 2) == tuple(answer.json()[key] for key in ("name", "status", "version"))
        assert [] == caller.get(PROGRAMMES, params={"status": "active"}).json()["items"]
        assert 1 == len(caller.get(PROGRAMMES, params={"status": "archived"}).json()["items"])

    @pytest.mark.parametrize("body", [{"status": "draft"}, {"name": None}, {"days": []}])
    def test_what_cannot_be_changed(self, caller: TestClient, body: Json) -> None:
        """A programme becomes no draft again, and days are replaced with PUT."""
        assert 422 == caller.patch(f"{PROGRAMMES}/{created(caller)['id']}", json=body).status_code


class TestDelete:
    """DELETE /programmes/{id}."""

    def test_keeps_what_was_done(self, caller: TestClient) -> None:
        """The sessions stay, with what they asked for, and follow no programme any more."""
        programme = created(caller)
        session = do_everything(caller, started(caller, programme["days"][0]))
        path = f"{PROGRAMMES}/{programme['id']}"
        assert [204, 404, 404] == [
            caller.delete(path).status_code,
            caller.get(path).status_code,
            caller.delete(path).status_code,
        ]
        kept = caller.get(f"{SESSIONS}/{session['id']}").json()
        assert (None, None) == (kept["programme_id"], kept["day_id"])
        assert [item["targets"] for item in session["exercises"]] == [item["targets"] for item in kept["exercises"]]


class TestDrafts:
    """What the coach proposes."""

    def proposed(self, database: Database, principal: Principal) -> Programme:
        """Return a new draft."""
        with database.session(principal) as session:
            return store_draft(session, uuid4(), ProgrammeRequest.model_validate(a_programme()))

    def test_accepting(self, database: Database, alice: Principal) -> None:
        """A draft becomes active, once; accepting it again changes nothing."""
        draft = self.proposed(database, alice)
        assert ("draft", "coach") == (draft.status, draft.source)
        accepted = accept_programme(database, alice, draft.id, expected=1)
        assert ("active", 2) == (accepted.status, accepted.version)
        assert accepted == accept_programme(database, alice, draft.id, expected=None)

    def test_over_http(self, caller: TestClient, database: Database) -> None:
        """A draft is not trained by until it is accepted; what is archived is no draft."""
        own = Principal(caller.get("/api/v1/users/me").json()["id"])
        draft = self.proposed(database, own)
        day = {"day_id": str(draft.days[0].id)}
        assert (409, "programme-is-draft") == problem(caller.post(SESSIONS, json=day))
        assert "active" == caller.post(f"{PROGRAMMES}/{draft.id}/accept").json()["status"]
        assert 201 == caller.post(SESSIONS, json=day).status_code
        caller.patch(f"{PROGRAMMES}/{draft.id}", json={"status": "archived"})
        assert (409, "no-draft") == problem(caller.post(f"{PROGRAMMES}/{draft.id}/accept"))


class TestSomebodyElses:
    """Every operation on one programme."""

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "", None),
            ("GET", "/targets", None),
            ("PUT", "", {"name": "mine now"}),
            ("PATCH", "", {"name": "mine now"}),
            ("POST", "/accept", None),
            ("DELETE", "", None),
        ],
    )
    def test_is_not_found(
        self, caller: TestClient, other_caller: TestClient, method: str, path: str, body: Json
    ) -> None:
        """Somebody else's programme answers as one that does not exist, and stays as it was."""
        programme = created(caller)
        for programme_id in (programme["id"], uuid4()):
            answer = other_caller.request(method, f"{PROGRAMMES}/{programme_id}{path}", json=body)
            assert (404, "programme-not-found") == problem(answer)
        assert programme == caller.get(f"{PROGRAMMES}/{programme['id']}").json()

    def test_its_days_and_slots(self, caller: TestClient, other_caller: TestClient) -> None:
        """Nobody trains another's day, or takes over another's slot."""
        programme, other = created(caller), created(other_caller)
        answer = other_caller.post(SESSIONS, json={"day_id": programme["days"][0]["id"]})
        assert (422, "unknown-day") == problem(answer)
        answer = other_caller.put(f"{PROGRAMMES}/{other['id']}", json=writable(programme))
        assert (422, "unknown-part") == problem(answer)


class TestList:
    """GET /programmes."""

    def test_newest_first_through_all_pages(self, caller: TestClient) -> None:
        """Following the cursors yields every programme once, the newest first, with its days."""
        made = [created(caller, name=f"p{number}") for number in range(3)]
        first = caller.get(PROGRAMMES, params={"limit": 2}).json()
        second = caller.get(PROGRAMMES, params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert made[::-1] == first["items"] + second["items"]
        assert second["next_cursor"] is None
        assert SQUAT == first["items"][0]["days"][0]["slots"][0]["exercise"]
