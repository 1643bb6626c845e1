"""Token budgets over HTTP: what a question uses, and what happens when there is nothing left to use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.manual_tasks import ManualTasks
from tests.scripted_model import ScriptedModel
from tests.services.fitness.accounts import problem
from tests.services.fitness.turn_calls import LATER, SEND, TURNS, NewCaller, asked_later, state_of

import coachwork
from coachwork.chassis.budget.metered import choice_tokens
from coachwork.chassis.models import Heard
from coachwork.chassis.resources import Resources
from coachwork.services.fitness.prompts import coach_request

USAGE = "/api/v1/usage"
QUESTION = {"message": "How much protein do I need?"}
ENDANGERED = {"message": "I want to kill myself"}


@pytest.fixture
def new_caller(
    knowing: Resources, client_for: Callable[..., TestClient], sign_in: Callable[[TestClient], dict[str, str]]
) -> NewCaller:
    """Return a maker of new users whose model counts: 33 tokens a question."""

    def make(user: int = 50_000, everybody: int = 10**12, **parts: Any) -> TestClient:
        settings = knowing.settings.model_copy(
            update={"chat_tokens_per_day": user, "chat_tokens_per_day_all": everybody}
        )
        parts = {"chat_model": ScriptedModel(), **parts}
        resources = replace(
            knowing, settings=settings, **{name: lambda part=part: part for name, part in parts.items()}
        )
        client = client_for(resources)
        client.headers.update(sign_in(client))
        return client

    return make


@pytest.fixture
def spend(test_database: TestDatabase) -> Callable[[TestClient, int], None]:
    """Return a function that lets a caller have used as many tokens today."""

    def use(client: TestClient, tokens: int) -> None:
        user_id = client.get("/api/v1/users/me").json()["id"]
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute(
                "insert into coachwork.token_usage (user_id, day, calls, input_tokens)"
                " values (%s, (now() at time zone 'utc')::date, 1, %s)"
                " on conflict (user_id, day) do update set input_tokens = token_usage.input_tokens + %s",
                [user_id, tokens, tokens],
            )

    return use


class TestReading:
    """GET /usage."""

    def test_before_the_first_question(self, new_caller: NewCaller) -> None:
        """All is there."""
        told = new_caller().get(USAGE).json()
        assert (50_000, 0, 0, 50_000, []) == (
            told["tokens_per_day"],
            told["used"],
            told["reserved"],
            told["remaining"],
            told["days"],
        )
        assert told["renews_at"].endswith("T00:00:00Z")

    def test_after_one(self, new_caller: NewCaller) -> None:
        """The model's own figures are what is told, and what the turn says."""
        client = new_caller()
        turn = client.post(SEND, json=QUESTION).json()

        told = client.get(USAGE).json()

        [today] = told["days"]
        assert (30, 3) == (turn["input_tokens"], turn["output_tokens"])
        assert (33, 49_967, 2, 30, 3, 0, 33) == (
            told["used"],
            told["remaining"],
            *(today[name] for name in ("calls", "input_tokens", "output_tokens", "embedding_tokens", "tokens")),
        )

    def test_the_stand_in_is_free(self, new_caller: NewCaller, knowing: Resources) -> None:
        """The offline model uses no tokens, whatever the limit."""
        client = new_caller(0, 0, chat_model=knowing.chat_model())
        assert 200 == client.post(SEND, json=QUESTION).status_code
        assert [] == client.get(USAGE).json()["days"]

    def test_without_a_token(self, client: TestClient) -> None:
        """Nobody has used nothing."""
        assert (401, "unauthenticated") == problem(client.get(USAGE))


class TestSpent:
    """Questions for which no tokens are left."""

    def test_are_refused_before_the_model_is_asked(
        self, new_caller: NewCaller, spend: Callable[[TestClient, int], None]
    ) -> None:
        """429 says what is left and when there is more; nothing is stored."""
        model = ScriptedModel()
        client = new_caller(chat_model=model)
        spend(client, 49_900)

        refused = client.post(SEND, json=QUESTION)

        assert (429, "token-budget-spent") == problem(refused)
        assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
        assert '"tokens";q=50000;w=86400' in refused.headers["RateLimit-Policy"]
        assert '"tokens";r=100;' in refused.headers["RateLimit"]
        assert "100 are left" in refused.json()["detail"]
        assert ([], []) == (model.asked, client.get(TURNS).json()["items"])

    def test_not_accepted_for_later_either(
        self, new_caller: NewCaller, spend: Callable[[TestClient, int], None]
    ) -> None:
        """Whoever does not wait is told at once as well."""
        client = new_caller()
        spend(client, 50_000)
        assert (429, "token-budget-spent") == problem(client.post(SEND, json=QUESTION, headers=LATER))

    def test_who_needs_help_is_answered(self, new_caller: NewCaller, spend: Callable[[TestClient, int], None]) -> None:
        """Safety answers use nothing, and are given whatever was used."""
        client = new_caller(everybody=0)
        spend(client, 60_000)

        answered = client.post(SEND, json=ENDANGERED)

        assert (200, "self_harm") == (answered.status_code, answered.json()["safety"]["concern"])
        assert 60_000 == client.get(USAGE).json()["used"]

    def test_by_everybody_together(self, new_caller: NewCaller) -> None:
        """The ceiling answers 503 to who has used nothing, and says when to come back."""
        refused = new_caller(everybody=0).post(SEND, json=QUESTION)
        assert (503, "daily-ceiling-reached") == problem(refused)
        assert 1 <= int(refused.headers["Retry-After"]) <= 86_400

    def test_two_at_once(self, new_caller: NewCaller, spend: Callable[[TestClient, int], None]) -> None:
        """While one question is answered, what it may use is not there for another."""
        both = Barrier(2)

        def wait(_: Heard) -> None:
            both.wait(10)
            both.wait(10)

        client, needed = new_caller(chat_model=ScriptedModel(wait)), choice_tokens(coach_request(QUESTION["message"]))
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(client.post, SEND, json=QUESTION)
            both.wait(10)
            told = client.get(USAGE).json()
            spend(client, told["remaining"] - needed + 1)
            second = client.post(SEND, json=QUESTION)
            both.wait(10)

        assert (200, 429) == (first.result().status_code, second.status_code)
        afterwards = client.get(USAGE).json()
        assert (True, 0) == (told["reserved"] > 0, afterwards["reserved"])
        assert afterwards["remaining"] >= needed  # without the reservation the second would have been answered

    def test_between_two_calls_of_a_turn(self, new_caller: NewCaller, spend: Callable[[TestClient, int], None]) -> None:
        """A turn that was handed over and finds the budget spent has failed, and says why; later it goes on."""
        tasks = ManualTasks()
        client = new_caller(tasks=tasks)
        turn_id = asked_later(client)["turn_id"]
        spend(client, 50_000)

        tasks.run()

        state = state_of(client, turn_id)
        assert ("failed", "urn:coachwork:problem:token-budget-spent") == (state["state"], state["problem"]["type"])
        assert (429, "token-budget-spent") == problem(client.post(f"{TURNS}/{turn_id}/retry"))


class TestOnePlace:
    """Where the models come from."""

    def test_no_service_takes_a_model_past_the_budget(self) -> None:
        """Only the module that puts the budget before them asks the resources for models."""
        services = Path(coachwork.__file__).parent / "services"
        takers = [
            path.relative_to(services).as_posix()
            for path in sorted(services.rglob("*.py"))
            if "resources.chat_model()" in path.read_text() or "resources.embedder()" in path.read_text()
        ]
        assert [] == takers
