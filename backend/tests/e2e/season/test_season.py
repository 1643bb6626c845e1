"""Twelve weeks of somebody who uses the application as it runs, and every figure it showed held against a ledger.

The ledger (`ledger/`) imports nothing of the application: it computes from what the script did, by the formulas as
published. Sessions take their time (`started_at`), logs and measurements theirs, so the twelve weeks lie before now;
what the API says of now (a turn of the coach, the start of a goal) is of the moment the test runs.
"""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

import pytest
import uvicorn
from tests.e2e.season import beginning, training
from tests.e2e.season.ledger.book import WEEK
from tests.e2e.season.ledger.overview import overview
from tests.e2e.season.ledger.strength import records, series
from tests.e2e.season.ledger.weeks import average_sets, muscles, streaks
from tests.e2e.season.person import Person
from tests.e2e.season.script import HOME, Season
from tests.e2e.season.story import Story
from tests.object_store import object_stage

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected

FILM = b"a film of a squat"


@pytest.fixture(scope="module")
def url(knowing: Resources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the application as `make run` does, on a free port of this machine, with a film in its bucket."""
    with object_stage(tmp_path_factory.mktemp("aws")) as objects, socket.create_server(("127.0.0.1", 0)) as listening:
        objects.put("videos/exercises/barbell-back-squat/beginner.mp4", FILM)
        app = create_app(replace(knowing, blobs=lambda: objects.store), selected(knowing.settings.coachwork_services))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = monotonic() + 10
        while not server.started:
            assert monotonic() < deadline
            sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


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
        yield story


class TestProgress:
    """What the API makes of what was done."""

    def test_overview(self, story: Story) -> None:
        """Totals, bests and weeks."""
        story.comparison.agree("overview", overview(story.book), story.person.get("/workouts-db/progress"))

    def test_series(self, story: Story) -> None:
        """Each exercise over time."""
        for exercise in story.book.exercises:
            shown = story.person.get(f"/progress/exercises/{exercise}")
            story.comparison.agree("series", series(story.book, exercise), shown)

    def test_records(self, story: Story) -> None:
        """Every record with its set, and the one it beat."""
        shown = story.person.get("/progress/records")["items"]
        story.comparison.agree("records", records(story.book), shown)

    def test_muscles(self, story: Story) -> None:
        """Sets of each muscle by the weeks at home."""
        first, last = story.season.monday.date(), (story.season.monday + 11 * WEEK).date()
        shown = story.person.get("/progress/muscles", from_=first, to=last, tz=HOME.key)
        for week in shown["weeks"]:
            week["muscles"] = {one["muscle"]: one for one in week["muscles"]}
        expected = muscles(story.book, story.movements, first, last, HOME)
        story.comparison.agree("muscles", expected, shown)
        averages = {one["muscle"]: one for one in shown["averages"]}
        story.comparison.agree("muscles on average", average_sets(expected), averages)

    def test_streaks(self, story: Story) -> None:
        """Weeks in a row."""
        for at_least in (1, 2, 3, 4):
            shown = story.person.get("/progress/streaks", at_least=at_least, tz=HOME.key)
            expected = streaks(story.book, at_least, datetime.now(UTC), HOME)
            story.comparison.agree("streaks", expected, shown)
