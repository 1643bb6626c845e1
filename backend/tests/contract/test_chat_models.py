"""One contract for every chat model: the offline stand-in, and OpenAI's real SDK on a local server."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from tests.chassis.models.openai_stage import API_KEY, PASSAGES, TOOL, connect, request

from coachwork.chassis.models import Answer, ChatModel, ToolSpec
from coachwork.chassis.models.offline_chat import OfflineChatModel
from coachwork.chassis.models.openai_chat import OpenAIChatModel
from rehearsal.vendors.openai_api import running_openai
from rehearsal.vendors.openai_script import answer, tool_calls

NEVER = ToolSpec("never_wanted", "Nobody asks for this.", {"type": "object", "properties": {}}, lambda _: None)


@pytest.fixture(params=["offline", "openai"])
def model(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    """Return each chat model; the local OpenAI answers by itself."""
    if request.param == "offline":
        yield OfflineChatModel()
        return
    with running_openai(api_key=API_KEY) as server:
        yield OpenAIChatModel(connect(server), "gpt-4o-mini")


@pytest.fixture(params=["offline", "openai"])
def eager_model(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    """Return each chat model, wanting tools; the local OpenAI also wants one that nobody offers."""
    if request.param == "offline":
        yield OfflineChatModel()
        return
    with running_openai(api_key=API_KEY) as server:
        server.always(tool_calls(("made_up", {}), (TOOL.name, {"lift": "squat"})))
        yield OpenAIChatModel(connect(server), "gpt-4o-mini")


@pytest.fixture(params=["offline", "openai"])
def careless_model(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    """Return each chat model; the local OpenAI cites what it was not given, out of order."""
    if request.param == "offline":
        yield OfflineChatModel()
        return
    with running_openai(api_key=API_KEY) as server:
        server.always(answer("Rest [2]. Squat [3][1]. See [7].", ["made-up", "rest", "squat-depth"]))
        yield OpenAIChatModel(connect(server), "gpt-4o-mini")


def markers(found: Answer) -> list[int]:
    """Return the numbers of the markers by first use."""
    return list(dict.fromkeys(int(number) for number in re.findall(r"\[(\d+)\]", found.text)))


class TestName:
    """What an answer says it came from."""

    def test_is_something(self, model: ChatModel) -> None:
        """An answer can always be labelled."""
        assert model.name


class TestChooseTools:
    """Wishes for tools."""

    def test_wants_only_what_is_offered(self, eager_model: ChatModel) -> None:
        """The wanted one with its arguments, nothing made up, nothing unwanted."""
        calls = eager_model.choose_tools(request(tools=(NEVER, TOOL))).calls

        assert [(TOOL.name, {"lift": "squat"})] == [(call.name, dict(call.arguments)) for call in calls]

    def test_wants_nothing_of_nothing(self, eager_model: ChatModel) -> None:
        """No tool offered, none wanted."""
        assert [] == list(eager_model.choose_tools(request(tools=())).calls)

    def test_counts_no_tokens_below_zero(self, model: ChatModel) -> None:
        """Usage can be added up."""
        usage = model.choose_tools(request()).usage

        assert usage.input_tokens >= 0
        assert usage.output_tokens >= 0


class TestAnswer:
    """Answers."""

    def test_says_something(self, model: ChatModel) -> None:
        """Never blank, never with blanks around."""
        text = model.answer(request()).text

        assert text
        assert text.strip() == text

    def test_leans_on_a_passage(self, model: ChatModel) -> None:
        """With a passage that answers, it is cited."""
        assert "squat-depth" in model.answer(request()).citations

    def test_cites_only_passages_it_was_given(self, careless_model: ChatModel) -> None:
        """Each once."""
        citations = list(careless_model.answer(request()).citations)

        assert {passage.id for passage in PASSAGES} >= set(citations)
        assert len(set(citations)) == len(citations)

    def test_markers_count_the_citations(self, careless_model: ChatModel) -> None:
        """[1] comes first and names the first citation; every citation has its marker."""
        found = careless_model.answer(request())

        assert list(range(1, len(found.citations) + 1)) == markers(found)

    def test_without_passages_cites_nothing(self, model: ChatModel) -> None:
        """There is nothing to cite."""
        found = model.answer(request(passages=(), messages=request().messages[:1]))

        assert ([], []) == (list(found.citations), markers(found))

    def test_is_heard_as_it_is_written(self, model: ChatModel) -> None:
        """Each time all of it so far, the last time all of it; listening changes nothing."""
        heard: list[str] = []
        found = model.answer(request(), heard=heard.append)

        assert all(later.startswith(earlier) for earlier, later in pairwise(heard))
        assert (found.text, found) == (heard[-1], model.answer(request()))
