"""Body measurements and the trend of weight over HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

MEASUREMENTS, TREND = "/api/v1/body/measurements", "/api/v1/body/weight-trend"
WHOLE = {
    "measured_at": "2026-10-02T06:30:00Z",
    "weight_kg": 74.25,
    "body_fat_percent": 18.5,
    "circumferences_cm": {"waist": 82.5, "hips": 98.0},
    "note": "before breakfast",
}


def measured(client: TestClient, **fields: object) -> dict:
    """Return what storing a measurement answers."""
    response = client.post(MEASUREMENTS, json=fields)
    assert 201 == response.status_code, response.text
    return response.json()


class TestCreate:
    """POST /body/measurements."""

    def test_stores_and_says_where(self, caller: TestClient) -> None:
        """Location names what was stored, and its first version."""
        response = caller.post(MEASUREMENTS, json=WHOLE)
        read = caller.get(response.headers["location"])
        assert (201, read.json()) == (response.status_code, response.json())
        assert ['"1"', '"1"'] == [response.headers["etag"], read.headers["etag"]]
        assert WHOLE == {key: read.json()[key] for key in WHOLE}

    def test_is_now_unless_said(self, caller: TestClient) -> None:
        """Without a time, a measurement is of now."""
        measured_at = datetime.fromisoformat(measured(caller, weight_kg=80)["measured_at"])
        assert abs(datetime.now(UTC) - measured_at) < timedelta(minutes=1)

    @pytest.mark.parametrize(
        ("body", "location"),
        [
            ({}, "body"),
            ({"note": "nothing"}, "body"),
            ({"weight_kg": 19.9}, "body/weight_kg"),
            ({"weight_kg": "80"}, "body/weight_kg"),
            ({"weight_kg": True}, "body/weight_kg"),
            ({"body_fat_percent": 0}, "body/body_fat_percent"),
            ({"circumferences_cm": {"waist": 4}}, "body/circumferences_cm/waist"),
            ({"circumferences_cm": {"tail": 40}}, "body/circumferences_cm/tail"),
            ({"weight_kg": 80, "measured_at": "1949-12-31T00:00:00Z"}, "body/measured_at"),
            ({"weight_kg": 80, "measured_at": "2026-10-02"}, "body/measured_at"),
            ({"weight_kg": 80, "mood": "good"}, "body/mood"),
        ],
    )
    def test_bad_values_are_named(self, caller: TestClient, body: dict, location: str) -> None:
        """A value outside what a field takes answers 422, says where, and stores nothing."""
        response = caller.post(MEASUREMENTS, json=body)
        assert 422 == response.status_code
        assert response.json()["errors"][0]["location"].startswith(location)
        assert [] == caller.get(MEASUREMENTS).json()["items"]

    def test_the_future_is_refused(self, caller: TestClient) -> None:
        """A day ahead is forgiven to clocks; two are not."""
        later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
        response = caller.post(MEASUREMENTS, json={"weight_kg": 80, "measured_at": later})
        assert "urn:coachwork:problem:implausible-time" == response.json()["type"]


class TestList:
    """GET /body/measurements."""

    def test_latest_first_through_all_pages(self, caller: TestClient) -> None:
        """Following the cursors yields every measurement once, the latest first, equals too."""
        days = [2, 1, 3, 2, 2]
        stored = [measured(caller, weight_kg=80, measured_at=f"2026-10-0{day}T06:00:00Z") for day in days]
        listed, cursor = [], None
        while cursor is not None or not listed:
            page = caller.get(MEASUREMENTS, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            listed += page["items"]
            cursor = page["next_cursor"]
        assert sorted(stored, key=lambda one: (one["measured_at"], one["id"]), reverse=True) == listed

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"kind": "weight"}, {1, 4}),
            ({"kind": "body_fat"}, {2}),
            ({"kind": "waist"}, {3, 4}),
            ({"kind": "left_calf"}, set()),
            ({"from": "2026-10-02", "to": "2026-10-03"}, {2, 3}),
            ({"kind": "weight", "from": "2026-10-02"}, {4}),
        ],
    )
    def test_filters(self, caller: TestClient, query: dict[str, str], expected: set[int]) -> None:
        """By what was measured, by day, and by both."""
        waist = {"circumferences_cm": {"waist": 80}}
        for day, body in enumerate([{"weight_kg": 80}, {"body_fat_percent": 20}, waist, {"weight_kg": 80, **waist}], 1):
            measured(caller, **body, measured_at=f"2026-10-0{day}T06:00:00Z")
        found = caller.get(MEASUREMENTS, params=query).json()["items"]
        assert expected == {datetime.fromisoformat(one["measured_at"]).day for one in found}


class TestReplace:
    """PUT /body/measurements/{measurement_id}."""

    def test_replaces_as_a_whole(self, caller: TestClient) -> None:
        """What is left out is gone, but for the time."""
        path = f"{MEASUREMENTS}/{measured(caller, **WHOLE)['id']}"
        replaced = caller.put(path, json={"weight_kg": 75}).json()
        assert (75, None, {}, "", WHOLE["measured_at"]) == (
            replaced["weight_kg"],
            replaced["body_fat_percent"],
            replaced["circumferences_cm"],
            replaced["note"],
            replaced["measured_at"],
        )

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_a_lost_update_is_refused(self, caller: TestClient, method: str) -> None:
        """Whoever saw an earlier version changes nothing; whoever saw this one does."""
        path = f"{MEASUREMENTS}/{measured(caller, **WHOLE)['id']}"
        changed = caller.put(path, json={"weight_kg": 75}, headers={"If-Match": '"1"'})
        body = {"weight_kg": 76} if method == "PUT" else None
        refused = caller.request(method, path, json=body, headers={"If-Match": '"1"'})
        assert (412, changed.json()) == (refused.status_code, caller.get(path).json())
        done = caller.request(method, path, json=body, headers={"If-Match": changed.headers["etag"]})
        assert done.status_code in (200, 204)


class TestSomebodyElses:
    """Every operation on one measurement."""

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_is_not_found(self, caller: TestClient, other_caller: TestClient, method: str) -> None:
        """Somebody else's answers as one that does not exist, and stays as it was."""
        mine = measured(caller, **WHOLE)
        body = {"weight_kg": 50} if method == "PUT" else None
        assert [404, 404] == [
            other_caller.request(method, f"{MEASUREMENTS}/{one}", json=body).status_code
            for one in (mine["id"], uuid4())
        ]
        assert mine == caller.get(f"{MEASUREMENTS}/{mine['id']}").json()
        assert ([], []) == (
            other_caller.get(MEASUREMENTS).json()["items"],
            other_caller.get(TREND).json()["points"],
        )


class TestDelete:
    """DELETE /body/measurements/{measurement_id}."""

    def test_is_gone(self, caller: TestClient) -> None:
        """A deleted measurement answers 404 and is in no list."""
        path = f"{MEASUREMENTS}/{measured(caller, **WHOLE)['id']}"
        assert [204, 404] == [caller.delete(path).status_code, caller.get(path).status_code]
        assert [] == caller.get(MEASUREMENTS).json()["items"]


class TestWeightTrend:
    """GET /body/weight-trend."""

    def test_every_figure_names_its_rows(self, caller: TestClient) -> None:
        """Points in their order, each with its measurement; the rate has the ids of all of them."""
        ids = [
            measured(caller, weight_kg=weight, measured_at=f"2026-10-{day:02}T06:00:00Z")["id"]
            for day, weight in ((1, 80), (5, 79.8), (9, 79.9), (13, 79.4), (17, 79.5))
        ]
        measured(caller, body_fat_percent=20, measured_at="2026-10-02T06:00:00Z")
        trend = caller.get(TREND).json()
        assert ids == [point["measurement_id"] for point in trend["points"]] == trend["weekly_rate"]["row_ids"]
        # 0.9 ** 4 = 0.6561 of the trend is kept over four days: 79.93, 79.92, 79.74, 79.66
        assert [80, 79.93, 79.92, 79.74, 79.66] == [point["trend_kg"] for point in trend["points"]]
        assert (79.66, -0.245, 95) == (
            trend["trend_kg"],
            pytest.approx(trend["weekly_rate"]["per_week"]),
            trend["weekly_rate"]["confidence_percent"],
        )
        assert trend["weekly_rate"]["low_per_week"] < -0.245 < trend["weekly_rate"]["high_per_week"]

    def test_a_period(self, caller: TestClient) -> None:
        """Only its points are shown; too few of them give no rate, and it says so."""
        for day in range(1, 10):
            measured(caller, weight_kg=80 + day, measured_at=f"2026-10-0{day}T06:00:00Z")
        whole = caller.get(TREND).json()["points"]
        part = caller.get(TREND, params={"from": "2026-10-03", "to": "2026-10-05"}).json()
        assert whole[2:5] == part["points"]
        assert part["weekly_rate"] is None
        assert part["weekly_rate_missing"].startswith("Not enough data")
