"""Twelve weeks of somebody who uses the application as it runs, and every figure it showed held against a ledger.

The ledger (`ledger/`) imports nothing of the application: it computes from what the script did, by the formulas as
published. Sessions take their time (`started_at`), logs and measurements theirs, so the twelve weeks lie before now;
what the API says of now (a turn of the coach, the start of a goal) is of the moment the test runs.
"""

import csv
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from tests.e2e.season import beginning, conversations, daily_life, training
from tests.e2e.season.compare import moment
from tests.e2e.season.ending import TABLES, Ending, kinds_removed, leave_and_return
from tests.e2e.season.goals import descriptions, goals, kept, spreadsheet
from tests.e2e.season.ledger.body import weight_trend
from tests.e2e.season.ledger.nutrition import targets
from tests.e2e.season.ledger.overview import overview
from tests.e2e.season.ledger.strength import records, series
from tests.e2e.season.ledger.weeks import average_sets, days_done, muscles, streaks
from tests.e2e.season.person import Person
from tests.e2e.season.script import DAYS, HOME, PROFILE, Season
from tests.e2e.season.story import Story
from tests.e2e.season.views import LISTS, views, without_ids
from tests.object_store import object_stage
from tests.uvicorn_server import serving

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected

pytestmark = pytest.mark.long(seconds=40)

FILM = b"a film of a squat"


@pytest.fixture(scope="module")
def url(knowing: Resources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the application as `make run` does, on a free port of this machine, with a film in its bucket."""
    with object_stage(tmp_path_factory.mktemp("aws")) as objects:
        objects.put("videos/exercises/barbell-back-squat/beginner.mp4", FILM)
        app = create_app(
            replace(knowing, blobs=lambda *_: objects.store), selected(knowing.settings.coachwork_services)
        )
        with serving(app) as served_at:
            yield served_at


@pytest.fixture(scope="module")
def story(url: str) -> Iterator[Story]:
    """Play the season, once for every test."""
    person = Person(url, f"{uuid4()}@example.com")
    with person.http:
        story = Story(person, Season(datetime.now(UTC)))
        person.register()
        beginning.introduce(story)
        beginning.bring_history(story)
        beginning.recognise(story)
        beginning.plan(story)
        training.train(story)
        training.regret(story)
        daily_life.measure(story)
        daily_life.run(story)
        daily_life.stretch(story)
        daily_life.aim(story)
        daily_life.train_today(story)
        daily_life.watch(story)
        conversations.talk(story)
        story.shown = views(person, story.season, story.book.exercises)
        yield story


@pytest.fixture(scope="module")
def ending(story: Story) -> Ending:
    """Return what was seen of its end; whatever is asked for afterwards is of an account that is gone."""
    return leave_and_return(story)


class TestProgress:
    """What the API makes of what was done."""

    def test_overview(self, story: Story) -> None:
        """Totals, bests and weeks."""
        story.comparison.agree("overview", overview(story.book), story.shown["/workouts-db/progress"])

    def test_series(self, story: Story) -> None:
        """Each exercise over time."""
        for exercise in story.book.exercises:
            shown = story.shown[f"/progress/exercises/{exercise}"]
            story.comparison.agree(f"series of {exercise}", series(story.book, exercise), shown)

    def test_records(self, story: Story) -> None:
        """Every record with its set, and the one it beat."""
        story.comparison.agree("records", records(story.book), story.shown["/progress/records"]["items"])

    def test_muscles(self, story: Story) -> None:
        """Sets of each muscle by the weeks at home."""
        shown = deepcopy(story.shown["/progress/muscles"])
        for week in shown["weeks"]:
            week["muscles"] = {one["muscle"]: one for one in week["muscles"]}
        expected = muscles(story.book, story.movements, *story.season.period, HOME)
        story.comparison.agree("muscles", expected, shown)
        averages = {one["muscle"]: one for one in shown["averages"]}
        story.comparison.agree("muscles on average", average_sets(expected), averages)

    @pytest.mark.parametrize("at_least", [1, 2, 3, 4])
    def test_streaks(self, story: Story, at_least: int) -> None:
        """Weeks in a row."""
        expected = streaks(story.book, at_least, datetime.now(UTC), HOME)
        story.comparison.agree("streaks", expected, story.shown[f"/progress/streaks {at_least}"])

    def test_adherence(self, story: Story) -> None:
        """What became of the days planned, by the programme and by the calendar."""
        shown = story.shown["adherence Autumn"]["weeks"]
        story.comparison.agree("programme's adherence", days_done(story.done_days, story.season), shown)
        story.comparison.agree("adherence", kept(story), story.shown["/progress/adherence"])

    def test_targets(self, story: Story) -> None:
        """What comes next of each slot, and why."""
        now = datetime.now(UTC)
        for day, shown in zip(story.programme["days"], story.shown["targets Autumn"]["days"], strict=True):
            asked = [story.slots[name].asked(story.book, now) for name in DAYS[day["name"]]]
            story.comparison.agree("progression", asked, shown["slots"])


class TestBody:
    """What it makes of scales and tape."""

    def test_weight(self, story: Story) -> None:
        """The trend, and its rate."""
        expected = weight_trend(story.season.weighings)
        story.comparison.agree("weight trend", expected, story.shown["/body/weight-trend"])

    def test_goals(self, story: Story) -> None:
        """How each goal stands, and where it leads."""
        shown = {one["id"]: one for one in story.shown["/goals"]}
        for name, expected in goals(story).items():
            story.comparison.agree(f"goal {name}", expected, shown[story.goals[name]["id"]])

    @pytest.mark.parametrize("goal", ["lose", "maintain", "gain"])
    def test_nutrition(self, story: Story, goal: str) -> None:
        """Energy and protein."""
        expected = targets(
            weight_kg=story.season.weighings[-1][1],
            height_cm=PROFILE["height_cm"],
            fat_percent=daily_life.FAT_PERCENT,
            birth_year=PROFILE["birth_year"],
            this_year=story.season.now.year,
            activity="moderate",
            goal=goal,
        )
        story.comparison.agree("nutrition", expected, story.shown[f"/nutrition/targets {goal}"])


class TestCharts:
    """What the pictures say to who does not see them."""

    def test_descriptions(self, story: Story) -> None:
        """Their figures are the ledger's."""
        for chart, expected in descriptions(story).items():
            told = story.shown[chart]
            shown = told[told.index("<desc") : told.index("</desc>")].partition(">")[2]
            story.comparison.agree("charts", expected, shown)


class TestCoach:
    """What it remembers, and what it costs."""

    def test_memories(self, story: Story) -> None:
        """Those that were corrected and added by hand; the forgotten one is gone."""
        story.comparison.agree("memories", story.memories, [one["text"] for one in story.shown["/memories"]])

    def test_threads(self, story: Story) -> None:
        """Every turn is kept in its thread."""
        kept = {turn["turn_id"]: turn for thread in story.shown["/chat/threads"] for turn in thread["items"]}
        story.comparison.agree("turns", {turn["turn_id"]: turn for turn in story.turns}, kept)

    def test_usage(self, story: Story) -> None:
        """The offline model is free."""
        midnight = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(), UTC)
        free = {"tokens_per_day": 50_000, "used": 0, "reserved": 0, "remaining": 50_000, "days": []}
        story.comparison.agree("usage", {**free, "renews_at": moment(midnight)}, story.shown["/usage"])


class TestVideos:
    """Films of an exercise."""

    def test_download(self, story: Story) -> None:
        """One is found by its exercise, and downloaded from the bucket."""
        assert FILM == story.film


class TestEnding:
    """Leaving, coming back with everything, and leaving for good."""

    def test_export(self, story: Story, ending: Ending) -> None:
        """It has every row there is."""
        kinds, tables = kinds_removed(story), ending.exported["tables"]
        assert ending.exported["next_cursor"] is None
        exported = {table: len(tables.get(table, [])) for table in TABLES}
        story.comparison.agree("export", {table: kinds[kind] for table, kind in TABLES.items()}, exported)

    def test_spreadsheet(self, story: Story) -> None:
        """It has a line for each set, and a session's exercises in the order they were done."""
        lines = list(csv.DictReader(story.shown["logs.csv"]))
        by_set = {f"{line['exercise']} {line['performed_at']} {line['set']}": line for line in lines}
        story.comparison.agree("spreadsheet", len(lines), len(by_set))
        story.comparison.agree("spreadsheet", spreadsheet(story), by_set)
        last = story.season.sessions[-1].strftime("%Y-%m-%dT%H:%M:%SZ")
        done = dict.fromkeys(line["exercise"] for line in lines if line["performed_at"] == last)
        assert [story.slots[name].exercise for name in DAYS["Day B"]] == list(done)

    def test_deletion(self, story: Story, ending: Ending) -> None:
        """It says how many rows there were of each kind, both times."""
        for removed in ending.removed:
            story.comparison.agree("deletion", kinds_removed(story), removed)

    def test_the_old_token(self, ending: Ending) -> None:
        """It stores nothing and asks the coach nothing; neither does the password sign in, nor the refresh token."""
        once = [
            "account-gone",
            "account-gone",
            "account-gone",
            "account-gone",
            "invalid-credentials",
            "invalid-refresh-token",
        ]
        assert once * 2 == ending.refused

    def test_nothing_is_left(self, ending: Ending) -> None:
        """Every list is empty."""
        for left in ending.left:
            assert {path: [] for path in (*LISTS, "/chat/threads")} == {
                path: left[path] for path in (*LISTS, "/chat/threads")
            }
            assert 0 == left["/workouts-db/progress"]["totals"]["sets"]

    def test_restoring(self, story: Story, ending: Ending) -> None:
        """Everything is stored, and the second time kept."""
        kinds = {table: kinds_removed(story)[kind] for table, kind in TABLES.items()}
        first, second = ending.restored
        story.comparison.agree("restoring", {name: {"stored": n, "kept": 0} for name, n in kinds.items()}, first)
        story.comparison.agree("restoring", {name: {"stored": 0, "kept": n} for name, n in kinds.items()}, second)

    def test_the_same_state(self, story: Story, ending: Ending) -> None:
        """Whatever the API showed before, it shows again, but for the ids."""
        before, after = without_ids(story.shown), without_ids(ending.shown)
        for path, shown in before.items():
            story.comparison.agree(f"restored {path}", shown, after[path])
