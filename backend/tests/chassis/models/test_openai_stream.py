"""Answers that are heard as they are written, by the real SDK against a local OpenAI."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chassis.models.openai_stage import HASTY, SkippedTime, connect, request

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import ModelUnavailable, OutOfTime
from coachwork.chassis.models import Answer, Heard
from coachwork.chassis.models.openai_chat import OpenAIChatModel
from coachwork.chassis.models.openai_connection import OpenAIConnection
from coachwork.chassis.models.openai_stream import growing_text
from rehearsal.vendors.openai_api import OpenAIServer
from rehearsal.vendors.openai_script import (
    Behaviour,
    answer,
    content,
    cut,
    drip,
    garbled,
    length,
    refusal,
    stall,
    status,
)

GOOD = answer("Squat deep [1].", ["squat-depth"])


def listen(connection: OpenAIConnection, deadline: Deadline | None = None) -> tuple[Answer, list[str]]:
    """Return the answer, and what was heard of it."""
    heard: list[str] = []
    model = OpenAIChatModel(connection, "gpt-4o-mini")
    return model.answer(request(), deadline=deadline, heard=heard.append), heard


class TestGrowingText:
    """The field `text` of an object that is not finished."""

    @given(st.text(max_size=40))
    def test_is_always_a_beginning_of_the_whole(self, text: str) -> None:
        """Wherever the stream stands, half an escape included."""
        whole = json.dumps({"text": text, "citations": ["one"]})
        expected = text.lstrip().replace("\0", "")
        seen = [growing_text(whole[:length]) for length in range(len(whole) + 1)]

        assert expected == seen[-1]
        assert all(expected.startswith(one) for one in seen)

    @pytest.mark.parametrize(
        "content", ["", "no JSON", "[1, 2", '{"text": 5', '{"citations": ["a"', '{"text": {"a": "b']
    )
    def test_is_empty_where_there_is_none(self, content: str) -> None:
        """Whatever else a model writes."""
        assert growing_text(content) == ""


class TestListening:
    """Streamed answers."""

    def test_grows_word_by_word(self, openai_api: OpenAIServer) -> None:
        """Each time the whole so far; the answer is the same as at once, its tokens counted."""
        openai_api.always(GOOD)
        found, heard = listen(connect(openai_api))

        assert ["Squat", "Squat deep", "Squat deep [1]."] == heard
        assert OpenAIChatModel(connect(openai_api), "gpt-4o-mini").answer(request()) == found

    def test_fences_are_not_heard(self, openai_api: OpenAIServer) -> None:
        """A model that wraps its JSON is understood as ever."""
        openai_api.always(content('```json\n{"text": "Squat deep.", "citations": []}\n```'))

        assert ("Squat deep.", "Squat deep.") == (
            listen(connect(openai_api))[0].text,
            listen(connect(openai_api))[1][-1],
        )

    def test_a_refusal_is_heard(self, openai_api: OpenAIServer) -> None:
        """It is the answer."""
        openai_api.always(refusal("Not that."))
        found, heard = listen(connect(openai_api))

        assert ("Not that.", ["Not that."]) == (found.text, heard)

    @pytest.mark.parametrize(
        "passing", [status(500), cut(), garbled(), drip(), stall()], ids=["500", "cut", "garbled", "blanks", "silence"]
    )
    def test_begins_anew_after_what_passes(self, openai_api: OpenAIServer, passing: Behaviour) -> None:
        """Another attempt is heard from its start."""
        openai_api.script(passing, GOOD)
        found, heard = listen(connect(openai_api, patience=HASTY))

        assert ("Squat deep [1].", "Squat deep [1].") == (found.text, heard[-1])
        assert len(openai_api.requests) == 2

    def test_a_malformed_answer_is_mended(self, openai_api: OpenAIServer) -> None:
        """What was heard of the first is followed by the second."""
        openai_api.script(length(), GOOD)
        found, heard = listen(connect(openai_api))

        assert ("Squat deep [1].", "An answer that never") == (found.text, heard[3])

    def test_gives_up_after_the_last_retry(self, openai_api: OpenAIServer) -> None:
        """With the reason of the last attempt."""
        openai_api.always(cut())
        with pytest.raises(ModelUnavailable, match="could not be made, or broke"):
            listen(connect(openai_api))

    def test_whoever_listens_may_stop_it(self, openai_api: OpenAIServer) -> None:
        """What they raise comes out, and nothing is asked again."""
        openai_api.always(GOOD)

        def stop(text: str) -> None:
            raise InterruptedError(text)

        with pytest.raises(InterruptedError, match=r"^Squat$"):
            OpenAIChatModel(connect(openai_api), "gpt-4o-mini").answer(request(), heard=stop)
        assert len(openai_api.requests) == 1


class TestTheCallersDeadline:
    """It may come before the model's."""

    @pytest.mark.parametrize("heard", [None, lambda _: None], ids=["at once", "streamed"])
    def test_ends_a_silence(self, openai_api: OpenAIServer, heard: Heard | None) -> None:
        """The caller is told that it was their time that ran out, however many retries there were."""
        openai_api.always(stall())
        model = OpenAIChatModel(connect(openai_api), "gpt-4o-mini")
        with pytest.raises(OutOfTime):
            model.answer(request(), deadline=Deadline(0.3), heard=heard)

    def test_ends_the_choice_of_tools(self, openai_api: OpenAIServer) -> None:
        """As it does the answer."""
        openai_api.always(stall())
        with pytest.raises(OutOfTime):
            OpenAIChatModel(connect(openai_api), "gpt-4o-mini").choose_tools(request(), deadline=Deadline(0.3))

    def test_is_not_waited_past(self, openai_api: OpenAIServer) -> None:
        """A pause that outlasts it is time the caller does not have, not the model's failure."""
        skipped = SkippedTime()
        openai_api.always(status(429, retry_after="15"))
        with pytest.raises(OutOfTime):
            listen(connect(openai_api, skipped=skipped), Deadline(10))
        assert [] == skipped.pauses

    def test_does_not_hide_a_failure(self, openai_api: OpenAIServer) -> None:
        """What fails for good while there is time, fails."""
        openai_api.always(status(401))
        with pytest.raises(ModelUnavailable) as caught:
            listen(connect(openai_api), Deadline(10))
        assert type(caught.value) is ModelUnavailable
