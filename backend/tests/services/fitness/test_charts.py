"""Charts of progress: over HTTP, through Lambda's handler, and against the figures they show."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.test_adherence import planned
from tests.services.fitness.training import BENCH, PLANK, SQUAT, history, lifted, log

from coachwork.services.fitness.domain.charts import volume_chart
from coachwork.services.fitness.domain.performance import PerformedLog

CHARTS = "/api/v1/progress/charts"
SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["e1rm", "volume", "muscles", "weight", "adherence"]


def drawn(client: TestClient, name: str, **query: str) -> ElementTree.Element:
    """Return a chart."""
    answer = client.get(f"{CHARTS}/{name}.svg", params=query)
    assert 200 == answer.status_code, answer.text
    return ElementTree.fromstring(answer.text)


def described(client: TestClient, name: str, **query: str) -> str:
    """Return what a chart says of itself."""
    return drawn(client, name, **query)[1].text or ""


class TestCharts:
    """GET /progress/charts/{chart}.svg."""

    @pytest.mark.parametrize("name", NAMES)
    def test_is_a_picture_that_can_do_nothing(self, caller: TestClient, name: str) -> None:
        """SVG by its type, forbidden to fetch or run anything, kept by no shared cache."""
        answer = caller.get(f"{CHARTS}/{name}.svg", params={"exercise": SQUAT})
        assert (200, "image/svg+xml") == (answer.status_code, answer.headers["content-type"])
        assert "default-src 'none'; style-src 'unsafe-inline'; sandbox" == answer.headers["content-security-policy"]
        assert ("nosniff", "private, no-cache") == (
            answer.headers["x-content-type-options"], answer.headers["cache-control"],
        )  # fmt: skip

    @pytest.mark.parametrize("name", NAMES)
    def test_says_when_there_is_nothing(self, caller: TestClient, name: str) -> None:
        """A new user's charts are drawn, and say they are empty."""
        texts = [
            "".join(element.itertext()).strip() for element in drawn(caller, name, exercise=SQUAT).iter(f"{SVG}text")
        ]
        assert any(text.startswith(("No ", "Nothing ")) for text in texts)

    def test_e1rm_shows_the_series(self, caller: TestClient) -> None:
        """A dot for each estimate, and the figures of the series in words."""
        history(caller, logs=25, seed=29)
        series = caller.get(f"/api/v1/progress/exercises/{SQUAT}").json()
        estimates = [point for point in series["points"] if point["best"]]
        chart = drawn(caller, "e1rm", exercise=SQUAT)
        assert len(estimates) == len(list(chart.iter(f"{SVG}circle")))
        assert f"best {series['best']['estimate_kg']:g} kg" in (chart[1].text or "")
        assert f"{len(estimates)} sessions" in (chart[1].text or "")

    def test_volume_adds_up(self, caller: TestClient) -> None:
        """The words have the sum of the rows of the weeks."""
        rows = [*log(caller, SQUAT, "2026-09-28", *lifted((5, 100.0), (5, 90.0)))]
        rows += log(caller, BENCH, "2026-10-06", *lifted((10, 60.0)))
        period = {"from": "2026-09-28", "to": "2026-10-11"}
        assert f"{sum(row.volume_kg for row in rows):,.0f} kg together" in described(caller, "volume", **period)
        assert "600 kg together" in described(caller, "volume", exercise=BENCH, **period)

    def test_muscles_are_listed(self, caller: TestClient) -> None:
        """The words have what the figures have."""
        log(caller, BENCH, "2026-10-07", *lifted(*[(8, 60.0)] * 12))
        words = described(caller, "muscles", **{"from": "2026-10-07", "to": "2026-10-07"})
        assert "Chest 12" in words
        assert "Front delts 6" in words
        assert "Calves 0" in words

    def test_weight_has_its_trend(self, caller: TestClient) -> None:
        """The trend of the body's own operation."""
        for day, kg in (("2026-09-01", 82.0), ("2026-09-08", 81.0), ("2026-09-15", 80.5)):
            body = {"measured_at": f"{day}T07:00:00Z", "weight_kg": kg}
            assert 201 == caller.post("/api/v1/body/measurements", json=body).status_code
        points = caller.get("/api/v1/body/weight-trend").json()["points"]
        words = described(caller, "weight")
        assert f"goes from 82.0 kg to {points[-1]['trend_kg']:.1f} kg" in words

    def test_adherence_tells_the_share(self, caller: TestClient) -> None:
        """Done, missed and upcoming, as the figures have it."""
        today = datetime.now(UTC).date()
        log(caller, SQUAT, f"{today}T00:00:00+00:00", *lifted((5, 60.0)), workout_id=planned(caller, today))
        planned(caller, today - timedelta(days=8))
        assert "1 done, 1 missed, 0 still to come. 50 % of what was due is done." in described(caller, "adherence")

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's chart has nothing of it."""
        log(caller, SQUAT, "2026-10-01", *lifted((5, 100.0)))
        assert [] == list(drawn(other_caller, "e1rm", exercise=SQUAT).iter(f"{SVG}circle"))

    def test_a_hold_has_no_estimate(self, caller: TestClient) -> None:
        """An exercise without loads has an empty chart, and is no failure."""
        log(caller, PLANK, "2026-10-01", {"duration_seconds": 60})
        assert [] == list(drawn(caller, "e1rm", exercise=PLANK).iter(f"{SVG}circle"))

    @pytest.mark.parametrize(
        ("name", "query", "status"),
        [
            ("e1rm", {}, 422), ("e1rm", {"exercise": "no-such"}, 404), ("volume", {"exercise": "no-such"}, 404),
            ("pie", {}, 422), ("volume", {"from": "2000-01-01"}, 422), ("weight", {"tz": "Moon"}, 422),
        ],
    )  # fmt: skip
    def test_bad_requests_are_refused(self, caller: TestClient, name: str, query: dict[str, str], status: int) -> None:
        """No such exercise is a 404, everything else a 422."""
        assert status == caller.get(f"{CHARTS}/{name}.svg", params=query).status_code

    def test_needs_a_caller(self, client: TestClient) -> None:
        """401, as a problem."""
        answer = client.get(f"{CHARTS}/volume.svg")
        assert (401, "application/problem+json") == (answer.status_code, answer.headers["content-type"])


class TestVolumeChart:
    """volume_chart."""

    def test_the_zone_decides_the_week(self) -> None:
        """What was late on Sunday in UTC is Monday's in Berlin."""
        late = PerformedLog(SQUAT, uuid4(), datetime(2026, 10, 4, 22, 30, tzinfo=UTC), 1, 500.0)
        days = (date(2026, 9, 28), date(2026, 10, 11))
        berlin, utc = (volume_chart([late], None, days, ZoneInfo(name)) for name in ("Europe/Berlin", "UTC"))
        assert [(0.0,), (500.0,)] == [bar.parts for bar in berlin.bars]
        assert [(500.0,), (0.0,)] == [bar.parts for bar in utc.bars]
