"""A chat model over the real SDK: function calling, structured answers, and what is done about malformed ones."""

import json

import pytest
from tests.chassis.models.openai_stage import PASSAGES, TOOL, connect, request

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models import Answer, Message, ToolCall, ToolChoice, Usage
from coachwork.chassis.models.openai_chat import OpenAIChatModel
from rehearsal.vendors.openai_api import OpenAIServer
from rehearsal.vendors.openai_script import (
    Behaviour,
    answer,
    content,
    filtered,
    length,
    refusal,
    status,
    tool_call,
    tool_calls,
)

GOOD = answer("Squat deep [1].", ["squat-depth"])
MALFORMED = "The language model did not answer in the form that was asked for"


@pytest.fixture
def model(openai_api: OpenAIServer) -> OpenAIChatModel:
    """Return the model under test."""
    return OpenAIChatModel(connect(openai_api), "gpt-4o-mini")


class TestName:
    """What an answer says it came from."""

    def test_is_the_providers(self, model: OpenAIChatModel) -> None:
        """The model's name as configured."""
        assert "gpt-4o-mini" == model.name


class TestChooseTools:
    """Function calling."""

    def test_returns_the_call(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The name and the arguments as an object."""
        openai_api.script(tool_call("find_records", {"lift": "squat"}))

        assert [ToolCall("find_records", {"lift": "squat"})] == list(model.choose_tools(request()).calls)

    def test_sends_the_tools_as_they_are_described(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The schema is the tool's own, and the model is free to call none."""
        model.choose_tools(request())

        sent = openai_api.requests[0].body
        function = {"name": TOOL.name, "description": TOOL.description, "parameters": TOOL.parameters}
        assert [{"type": "function", "function": function}] == sent["tools"]
        assert "auto" == sent["tool_choice"]

    def test_none_is_a_valid_wish(self, model: OpenAIChatModel) -> None:
        """By itself the local OpenAI calls nothing."""
        assert [] == list(model.choose_tools(request()).calls)

    def test_keeps_the_order(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Several calls come in the model's order."""
        openai_api.script(tool_calls(("find_records", {"lift": "squat"}), ("find_records", {"lift": "row"})))

        calls = model.choose_tools(request()).calls

        assert [{"lift": "squat"}, {"lift": "row"}] == [call.arguments for call in calls]

    @pytest.mark.parametrize(
        "behaviour",
        [
            tool_call("drop_tables", {}),
            tool_call("find_records", '{"lift": "squ'),
            tool_call("find_records", '["squat"]'),
            tool_call("find_records", "[" * 100_000),
            Behaviour(message={"tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "find_records"}}]}),
            refusal(),
            length(""),
        ],
        ids=["unknown name", "broken JSON", "no object", "deep nesting", "other kind", "refusal", "cut off"],
    )
    def test_drops_what_cannot_be_run(
        self, openai_api: OpenAIServer, model: OpenAIChatModel, behaviour: Behaviour
    ) -> None:
        """A call nobody can run is no call, and no failure."""
        openai_api.script(behaviour)

        assert [] == list(model.choose_tools(request()).calls)

    def test_takes_no_arguments_for_none(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Some servers send an empty text for a call without arguments."""
        openai_api.script(tool_call("find_records", ""))

        assert [ToolCall("find_records", {})] == list(model.choose_tools(request()).calls)

    def test_asks_nobody_when_there_is_no_tool(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """No tool, no request, no cost."""
        assert ToolChoice() == model.choose_tools(request(tools=()))
        assert [] == openai_api.requests

    def test_counts_tokens(self, model: OpenAIChatModel) -> None:
        """As the provider counted them."""
        usage = model.choose_tools(request()).usage

        assert usage.input_tokens > 0
        assert usage.output_tokens > 0


class TestAnswer:
    """Structured answers."""

    def test_returns_text_and_citations(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Markers and ids as the convention has them."""
        openai_api.script(answer("Rest long [2]. Squat deep [1].", ["squat-depth", "rest"]))

        found = model.answer(request())

        assert ("Rest long [1]. Squat deep [2].", ("rest", "squat-depth")) == (found.text, found.citations)

    def test_cites_nothing_that_was_not_given(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """An invented id goes, with its marker."""
        openai_api.script(answer("Squat deep [1]. Trust me [2].", ["squat-depth", "my-own-book"]))

        found = model.answer(request())

        assert ("Squat deep [1]. Trust me.", ("squat-depth",)) == (found.text, found.citations)

    def test_asks_for_the_form_by_schema_and_in_words(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The schema is strict; the words stand in the one system message; no tool is offered."""
        model.answer(request())

        sent = openai_api.requests[0].body
        assert (True, ["text", "citations"]) == (
            sent["response_format"]["json_schema"]["strict"],
            sent["response_format"]["json_schema"]["schema"]["required"],
        )
        assert ["system", "user"] == [message["role"] for message in sent["messages"]]
        assert sent["messages"][0]["content"].startswith("You are a coach.\n")
        assert "JSON" in sent["messages"][0]["content"]
        assert "tools" not in sent

    def test_says_the_form_even_without_a_system_message(
        self, openai_api: OpenAIServer, model: OpenAIChatModel
    ) -> None:
        """A request of user messages alone gets one."""
        model.answer(request(messages=[Message("user", "How deep?")]))

        assert ["system", "user"] == [message["role"] for message in openai_api.requests[0].body["messages"]]

    def test_takes_json_in_a_fence(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Servers without schemas like to wrap it in Markdown."""
        openai_api.script(content('```json\n{"text": "Squat deep [1].", "citations": ["squat-depth"]}\n```'))

        assert "Squat deep [1]." == model.answer(request()).text

    def test_drops_nul(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Postgres could not store it."""
        openai_api.script(answer("Squat\0 deep."))

        assert "Squat deep." == model.answer(request()).text


class TestRepair:
    """Malformed answers."""

    @pytest.mark.parametrize(
        "behaviour",
        [
            content("Just squat."),
            content(""),
            content('{"text": "Squat"}'),
            content('{"text": 7, "citations": []}'),
            content('{"text": "Squat \\ud800", "citations": []}'),
            content('["Squat"]'),
            answer("   "),
            answer("[1]"),
            length(),
            length(json.dumps({"text": "Whole by chance.", "citations": []})),
            Behaviour(message={"role": "assistant"}),
        ],
        ids=[
            "prose",
            "nothing",
            "no citations",
            "wrong type",
            "half a character",
            "list",
            "blank",
            "empty marker",
            "cut off",
            "cut off yet whole",
            "no content",
        ],
    )
    def test_is_asked_for_once(self, openai_api: OpenAIServer, model: OpenAIChatModel, behaviour: Behaviour) -> None:
        """The second, better answer is the answer."""
        openai_api.script(behaviour, GOOD)

        assert "Squat deep [1]." == model.answer(request()).text

    def test_shows_what_was_wrong(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The model sees its own words and what is the matter with them."""
        openai_api.script(content("Just squat."), GOOD)

        model.answer(request())

        said, asked = openai_api.requests[1].body["messages"][-2:]
        assert {"role": "assistant", "content": "Just squat."} == said
        assert "not the JSON object" in asked["content"]

    def test_asks_for_fewer_words_after_a_cut(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The same length would be cut again."""
        openai_api.script(length(), GOOD)

        model.answer(request())

        assert "at most 150 words" in openai_api.requests[1].body["messages"][-1]["content"]

    def test_is_not_asked_for_twice(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Two malformed answers are a failure."""
        openai_api.always(content("Just squat."))

        with pytest.raises(ModelUnavailable) as caught:
            model.answer(request())

        assert (MALFORMED, 2) == (caught.value.detail, len(openai_api.requests))

    def test_counts_the_tokens_of_both(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """What the malformed answer cost is not forgotten."""
        openai_api.script(GOOD)
        single = model.answer(request()).usage
        openai_api.script(content("Just squat."), GOOD)
        both = model.answer(request()).usage

        assert both.input_tokens > 2 * single.input_tokens
        assert both.output_tokens > single.output_tokens


class TestRefusal:
    """A model that will not answer is answering."""

    def test_is_the_answer(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """In the model's own words, citing nothing, asked once."""
        openai_api.script(refusal("I cannot help with that."))

        found = model.answer(request())

        assert ("I cannot help with that.", (), 1) == (found.text, found.citations, len(openai_api.requests))

    def test_by_the_content_filter_has_words_too(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The filter says nothing, so we do."""
        openai_api.script(filtered())

        assert "I cannot answer that." == model.answer(request()).text


class TestServersWithoutSchemas:
    """Compatible servers that know `json_object` only."""

    def test_are_asked_for_mere_json_from_then_on(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """The schema is refused once, and not sent again."""
        openai_api.script(status(400, param="response_format"), GOOD, GOOD)

        answers = [model.answer(request()), model.answer(request())]

        kinds = [sent.body["response_format"]["type"] for sent in openai_api.requests]
        assert ["json_schema", "json_object", "json_object"] == kinds
        assert ["Squat deep [1]."] * 2 == [found.text for found in answers]

    def test_that_refuse_both_are_no_use(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """Neither form is a failure, not a loop."""
        openai_api.always(status(400, param="response_format"))

        with pytest.raises(ModelUnavailable):
            model.answer(request())

        assert 2 == len(openai_api.requests)


class TestUsageOfServersThatDoNotCount:
    """Servers that leave `usage` out."""

    def test_is_zero(self, openai_api: OpenAIServer, model: OpenAIChatModel) -> None:
        """An unknown count is none."""
        written = json.dumps({"text": "Squat deep [1].", "citations": [PASSAGES[0].id]})
        envelope = json.dumps({"choices": [{"message": {"content": written}}]})
        openai_api.script(Behaviour(body=envelope.encode()))

        assert Answer("Squat deep [1].", ("squat-depth",)) == model.answer(request())

    @pytest.mark.parametrize("count", ["-1000000", "null", "1.5", "1e308", "NaN", "9" * 30])
    def test_of_what_is_no_count(self, openai_api: OpenAIServer, model: OpenAIChatModel, count: str) -> None:
        """Figures that can be none are none: they give nothing back, and fail no answer that was paid for."""
        written = json.dumps({"choices": [{"message": {"content": json.dumps({"text": "Deep.", "citations": []})}}]})
        usage = f'{{"prompt_tokens": {count}, "completion_tokens": 5}}'
        openai_api.script(Behaviour(body=f'{written[:-1]}, "usage": {usage}}}'.encode()))
        assert Usage() == model.answer(request()).usage
