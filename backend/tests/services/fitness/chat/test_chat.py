"""Conversations with the coach, over HTTP, on the real knowledge: the offline model, and OpenAI's SDK locally."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.turn_calls import ask, threads_of

from coachwork.bootstrap import bootstrap
from coachwork.chassis.models import Answer, ChatRequest, ToolChoice
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.domain.safety import SAFE_ANSWERS, Concern
from coachwork.services.fitness.schemas.chat import TurnResponse
from rehearsal.vendors.openai_api import OpenAIServer, running_openai
from rehearsal.vendors.openai_script import answer, status, tool_call, tool_calls


@pytest.fixture
def openai() -> Iterator[OpenAIServer]:
    """Yield a local server that speaks OpenAI's protocol."""
    with running_openai(api_key="sk-test") as server:
        yield server


@pytest.fixture
def openai_caller(
    knowing: Resources,
    environ: dict[str, str],
    openai: OpenAIServer,
    client_for: Callable[..., TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
) -> TestClient:
    """Return a new user's client of a coach whose model is OpenAI's SDK against the local server."""
    settings = Settings.load(
        {
            **environ,
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_BASE_URL": openai.url,
            "OPENAI_MAX_RETRIES": "0",
            "EMBEDDING_PROVIDER": "offline",
        }
    )
    client = client_for(replace(knowing, chat_model=bootstrap(settings).chat_model))
    client.headers.update(sign_in(client))
    return client


class TestSend:
    """POST /api/v1/chat/send."""

    def test_an_answer_is_grounded_and_cited(self, caller: TestClient, passages: list[dict[str, Any]]) -> None:
        """Each marker names a passage that exists, with its source; the model says that it is offline."""
        turn = ask(caller, "How much protein should I eat per day to build muscle?")
        known = {passage["id"]: passage for passage in passages}
        assert "offline" == turn["model"]
        assert turn["citations"]
        for marker, citation in enumerate(turn["citations"], 1):
            passage = known[citation["passage_id"]]
            assert (marker, passage["title"]) == (citation["marker"], citation["title"])
            assert passage["source"]["title"] == citation["source"]["title"]
            assert f"[{marker}]" in turn["answer"]

    def test_a_turn_is_kept(self, caller: TestClient) -> None:
        """What was answered is what the thread holds, titled by its first question."""
        turn = ask(caller, "How long should I rest between sets?")
        assert [turn] == caller.get(f"/api/v1/chat/threads/{turn['thread_id']}").json()["items"]
        assert ["How long should I rest between sets?"] == [thread["title"] for thread in threads_of(caller)]

    def test_a_thread_goes_on(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """The model is given the turns before; the thread stays one."""
        first = ask(openai_caller, "How much creatine should I take?")
        second = ask(openai_caller, "And for women?", thread_id=first["thread_id"])
        assert first["thread_id"] == second["thread_id"]
        told = [message["content"] for message in openai.requests[-1].body["messages"]]
        assert any("How much creatine should I take?" in content for content in told[1:-1])
        assert "<question>\nAnd for women?\n</question>" in told[-1]

    def test_a_short_follow_up_keeps_its_subject(self, caller: TestClient) -> None:
        """What "it" is stands in the question before."""
        first = ask(caller, "How much creatine should I take?")
        second = ask(caller, "Is it safe?", thread_id=first["thread_id"])
        assert second["citations"]
        assert all("creatine" in citation["title"].lower() for citation in second["citations"][:1])

    def test_an_invented_citation_is_dropped(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """A model cannot cite what was not retrieved."""
        openai.always(answer("Eat [1] and sleep [2].", ["made-up-passage", "another-invention"]))
        turn = ask(openai_caller, "How much protein do I need?")
        assert ("Eat and sleep.", []) == (turn["answer"], turn["citations"])

    def test_facts_of_the_caller_reach_the_model(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """Profile and logged records are computed and given as facts."""
        profile = {"goal": "strength", "injuries": ["knee"], "equipment": ["barbell", "rack"], "days_per_week": 4}
        assert openai_caller.put("/api/v1/profile", json=profile).status_code == 200
        log = {"exercise": "barbell-back-squat", "sets": [{"reps": 5, "weight_kg": 100}]}
        assert openai_caller.post("/api/v1/workouts-db/logs", json=log).status_code == 201
        ask(openai_caller, "What should I focus on?")
        prompt = openai.requests[-1].body["messages"][-1]["content"]
        assert "Your goal is strength" in prompt
        assert "116.7 kg" in prompt  # Epley: 100 * (1 + 5 / 30)

    def test_a_plan_respects_the_profile(self, caller: TestClient, library: list[dict[str, Any]]) -> None:
        """A plan asked for in words uses only the caller's equipment and spares the injury."""
        caller.put("/api/v1/profile", json={"equipment": ["dumbbell", "bench"], "injuries": ["lower_back"]})
        [run] = ask(caller, "Build me a 4 day plan to gain muscle")["tool_runs"]
        exercises = {one["slug"]: one for one in library}
        planned = [exercises[line["slug"]] for day in run["result"]["days"] for line in day["exercises"]]
        assert ("build_plan", 4) == (run["name"], len(run["result"]["days"]))
        assert all(set(one["equipment"]) <= {"dumbbell", "bench"} for one in planned)
        assert not any("lower_back" in one["stresses"] for one in planned)

    def test_a_plan_is_a_draft(self, caller: TestClient) -> None:
        """It is kept as a programme like the plan, and becomes the caller's once they accept it."""
        [run] = ask(caller, "Build me a 3 day strength plan, I have a barbell and a rack")["tool_runs"]
        url = f"/api/v1/programmes/{run['result']['programme_id']}"
        draft = caller.get(url).json()
        assert ("draft", "coach", 3) == (draft["status"], draft["source"], draft["days_per_week"])
        assert [[line["slug"] for line in day["exercises"]] for day in run["result"]["days"]] == [
            [slot["exercise"] for slot in day["slots"]] for day in draft["days"]
        ]
        accepted = caller.post(f"{url}/accept")
        assert (200, "active") == (accepted.status_code, caller.get(url).json()["status"])

    def test_a_model_may_call_tools(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """A function call is run, and its result is given to the model as facts."""
        openai.script(tool_call("find_exercises", {"muscle": "calves", "level": "beginner"}))
        [run] = ask(openai_caller, "What trains calves?")["tool_runs"]
        assert run["result"]["exercises"]
        assert run["result"]["exercises"][0]["name"] in openai.requests[-1].body["messages"][-1]["content"]

    @pytest.mark.parametrize("arguments", [{"days_per_week": 40}, {"unknown": 1}, {"goal": 5}])
    def test_senseless_tool_arguments_are_refused(
        self, openai_caller: TestClient, openai: OpenAIServer, arguments: dict[str, Any]
    ) -> None:
        """A call outside the schema runs nothing, fails nothing, and the model is told why."""
        openai.script(tool_call("build_plan", arguments))
        [run] = ask(openai_caller, "Hello there")["tool_runs"]
        assert ["refused"] == list(run["result"])
        assert "I could not build plan" in openai.requests[-1].body["messages"][-1]["content"]

    def test_a_plan_that_cannot_be_is_refused(self, caller: TestClient) -> None:
        """Days no week has are not swapped for others."""
        turn = ask(caller, "Build me an 8 day plan")
        assert turn["answer"].startswith(
            "I could not build plan. days_per_week: Input should be less than or equal to 7."
        )

    def test_progress_is_summarised(self, caller: TestClient) -> None:
        """Figures come from the caller's own log, for a summary asked for in words."""
        log = {"exercise": "barbell-bench-press", "sets": [{"reps": 5, "weight_kg": 80}]}
        assert caller.post("/api/v1/workouts-db/logs", json=log).status_code == 201
        turn = ask(caller, "How is my progress?")
        assert ["summarise_progress"] == [run["name"] for run in turn["tool_runs"]]
        assert "93.3 kg" in turn["answer"]  # Epley: 80 * (1 + 5 / 30)

    def test_a_concern_is_met_with_a_safe_answer(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """No model is asked; the caller is referred, and the turn is kept."""
        turn = ask(openai_caller, "I have crushing chest pain, can I finish my set?")
        assert ("medical_emergency", []) == (turn["safety"]["concern"], turn["citations"])
        assert [] == openai.requests
        assert 1 == len(threads_of(openai_caller))

    def test_a_model_may_refer(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """What the screen let pass and the model saw gets the reviewed answer; the model's words are not asked for."""
        openai.script(tool_calls(("find_exercises", {}), ("refer", {"concern": "eating_disorder"})))
        turn = ask(openai_caller, "Which days suit leg training best?")
        expected = SAFE_ANSWERS[Concern.EATING_DISORDER]
        assert (expected.text, {"concern": expected.concern, "referral": expected.referral}) == (
            turn["answer"],
            turn["safety"],
        )
        assert ([], [], 1) == (turn["citations"], turn["tool_runs"], len(openai.requests))
        assert turn["model"] != "safety-screen"
        assert turn["input_tokens"] > 0
        assert [turn] == openai_caller.get(f"/api/v1/chat/threads/{turn['thread_id']}").json()["items"]

    def test_the_most_urgent_referral_wins(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """However many a model names, in whatever order, and after however many other tools."""
        others: list[tuple[str, dict[str, Any]]] = [("find_exercises", {})] * 3
        concerns = [("refer", {"concern": concern}) for concern in ("injury", "self_harm", "eating_disorder")]
        openai.script(tool_calls(*others, *concerns))
        assert "self_harm" == ask(openai_caller, "Which days suit leg training best?")["safety"]["concern"]

    @pytest.mark.parametrize("arguments", [{}, {"concern": "boredom"}, {"concern": ["injury"]}, {"concern": None}])
    def test_an_unknown_referral_is_ignored(
        self, openai_caller: TestClient, openai: OpenAIServer, arguments: dict[str, Any]
    ) -> None:
        """The coach answers as if the model had not called."""
        openai.script(tool_call("refer", arguments))
        turn = ask(openai_caller, "Which days suit leg training best?")
        assert (None, [], 2) == (turn["safety"], turn["tool_runs"], len(openai.requests))

    def test_a_failed_turn_stores_nothing(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """When the model is down the answer is a 503 problem and there is no thread."""
        openai.always(status(500))
        response = openai_caller.post("/api/v1/chat/send", json={"message": "How much protein?"})
        assert (503, "urn:coachwork:problem:model-unavailable") == (response.status_code, response.json()["type"])
        assert [] == threads_of(openai_caller)

    def test_nothing_is_stored_when_knowledge_is_down(
        self,
        knowing: Resources,
        environ: dict[str, str],
        client_for: Callable[..., TestClient],
        sign_in: Callable[[TestClient], dict[str, str]],
    ) -> None:
        """A vector index that refuses connections is a 503 problem."""
        down = bootstrap(Settings.load({**environ, "CHROMA_HTTP_URL": "http://127.0.0.1:9"}))
        client = client_for(replace(knowing, vector_index=down.vector_index))
        client.headers.update(sign_in(client))
        response = client.post("/api/v1/chat/send", json={"message": "How much protein?"})
        expected = (503, "urn:coachwork:problem:vector-index-unavailable")
        assert expected == (response.status_code, response.json()["type"])
        assert [] == threads_of(client)

    def test_a_thread_deleted_meanwhile_takes_no_turn(
        self, knowing: Resources, client_for: Callable[..., TestClient], sign_in: Callable[..., dict[str, str]]
    ) -> None:
        """The turn answers 404 and leaves nothing behind."""
        client = client_for(knowing)
        client.headers.update(sign_in(client))
        thread_id = ask(client, "How much protein?")["thread_id"]

        class DeletesTheThread:
            """A model that thinks so long that its thread is deleted."""

            name = "slow"

            def choose_tools(self, request: ChatRequest, **_: object) -> ToolChoice:
                """Want no tool."""
                return ToolChoice()

            def answer(self, request: ChatRequest, **_: object) -> Answer:
                """Answer when the thread is gone."""
                assert client.delete(f"/api/v1/chat/threads/{thread_id}").status_code == 204
                return Answer("Too late.")

        slow = client_for(replace(knowing, chat_model=DeletesTheThread))
        slow.headers.update(client.headers)
        response = slow.post("/api/v1/chat/send", json={"message": "More?", "thread_id": thread_id})
        assert (404, []) == (response.status_code, threads_of(client))

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"message": ""},
            {"message": "   "},
            {"message": "x" * 4001},
            {"message": "a\u0000b"},
            {"message": 5},
            {"message": "Hi", "thread_id": "not-a-uuid"},
            {"message": "Hi", "user_id": str(uuid4())},
        ],
    )
    def test_a_bad_message_is_refused(self, caller: TestClient, body: dict[str, Any]) -> None:
        """Each is a 422 that names the field."""
        assert 422 == caller.post("/api/v1/chat/send", json=body).status_code

    def test_nobody_is_answered_without_a_token(self, client: TestClient) -> None:
        """The chat is for signed-in callers."""
        assert 401 == client.post("/api/v1/chat/send", json={"message": "Hi"}).status_code

    def test_an_unknown_thread_is_not_found(self, caller: TestClient) -> None:
        """A turn is not put into a thread that is not there."""
        body = {"message": "Hi", "thread_id": str(uuid4())}
        assert 404 == caller.post("/api/v1/chat/send", json=body).status_code

    def test_whoever_needs_help_is_answered_all_the_same(self, caller: TestClient) -> None:
        """A thread that is gone is no reason to send somebody away."""
        turn = ask(caller, "I want to kill myself", thread_id=str(uuid4()))
        assert "self_harm" == turn["safety"]["concern"]


class TestKnowledge:
    """The collection the coach retrieves from."""

    def test_it_holds_every_passage(self, knowing: Resources, passages: list[dict[str, Any]]) -> None:
        """Every passage that ships can be found by its own title."""
        index, embedder = knowing.vector_index(COLLECTION), LexicalEmbedder()
        assert len(passages) == index.count()
        [embedding] = embedder.embed([passages[0]["title"]])
        assert passages[0]["id"] in [hit.id for hit in index.search(embedding, limit=3)]

    def test_a_turn_has_the_documented_shape(self, caller: TestClient) -> None:
        """What is answered validates against the response schema."""
        assert TurnResponse.model_validate(ask(caller, "How much protein?")).input_tokens == 0
