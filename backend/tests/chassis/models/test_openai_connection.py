"""The real SDK against a local OpenAI that misbehaves: what is asked again, what is given up, and what is said."""

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from tests.chassis.models.openai_stage import (
    API_KEY,
    HASTY,
    PATIENT,
    QUESTION,
    SkippedTime,
    connect,
    request,
)

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models import Answer
from coachwork.chassis.models.openai_chat import OpenAIChatModel
from coachwork.chassis.models.openai_connection import OpenAIConnection
from rehearsal.vendors.openai_api import OpenAIServer
from rehearsal.vendors.openai_script import Behaviour, answer, cut, drip, garbled, stall, status

GOOD = answer("Squat deep [1].", ["squat-depth"])


def ask(connection: OpenAIConnection, model: str = "gpt-4o-mini") -> Answer:
    """Ask the question every test asks."""
    return OpenAIChatModel(connection, model).answer(request())


def failure(connection: OpenAIConnection, model: str = "gpt-4o-mini") -> ModelUnavailable:
    """Ask, and return how it failed."""
    with pytest.raises(ModelUnavailable) as caught:
        ask(connection, model)
    return caught.value


class TestAskingAgain:
    """Failures that may pass."""

    @pytest.mark.parametrize(
        "passing",
        [status(429), status(500), status(503), status(408), cut(), garbled(), garbled(b"<html>Welcome</html>")],
        ids=["429", "500", "503", "408", "cut", "truncated envelope", "captive portal"],
    )
    def test_succeeds_once_it_has_passed(self, openai_api: OpenAIServer, passing: Behaviour) -> None:
        """The second attempt's answer is the answer."""
        openai_api.script(passing, GOOD)

        assert "Squat deep [1]." == ask(connect(openai_api)).text
        assert 2 == len(openai_api.requests)

    def test_waits_as_long_as_it_is_told(self, openai_api: OpenAIServer) -> None:
        """A 429's `Retry-After` is honoured."""
        skipped = SkippedTime()
        openai_api.script(status(429, retry_after="7"), GOOD)

        ask(connect(openai_api, skipped=skipped))

        assert [7.0] == skipped.pauses

    def test_waits_longer_each_time(self, openai_api: OpenAIServer) -> None:
        """With nothing told, the pauses grow."""
        skipped = SkippedTime()
        openai_api.script(status(500), status(500), GOOD)

        ask(connect(openai_api, skipped=skipped))

        assert 2 == len(skipped.pauses)
        assert all(earlier < later for earlier, later in pairwise(skipped.pauses))

    def test_outlives_a_stall(self, openai_api: OpenAIServer) -> None:
        """A silent attempt is left, and the next one answers."""
        openai_api.script(stall())
        openai_api.always(GOOD)

        assert "Squat deep [1]." == ask(connect(openai_api, patience=HASTY)).text


class TestGivingUp:
    """Failures that do not pass in time."""

    @pytest.mark.parametrize(
        ("behaviour", "detail"),
        [
            (status(429), "The language model's provider limits our rate: try again later"),
            (status(500), "The language model's provider failed (status 500)"),
            (cut(), "The connection to the language model could not be made, or broke"),
            (garbled(), "The language model's answer could not be read"),
            (garbled(b'{"choices": []}'), "The language model's answer could not be read"),
        ],
        ids=["429", "500", "cut", "truncated envelope", "no choice"],
    )
    def test_stops_after_the_last_retry(self, openai_api: OpenAIServer, behaviour: Behaviour, detail: str) -> None:
        """Two retries are three requests, and the reason is the last one's."""
        openai_api.always(behaviour)

        assert detail == failure(connect(openai_api)).detail
        assert 1 + PATIENT.retries == len(openai_api.requests)

    @pytest.mark.parametrize("behaviour", [stall(), drip()], ids=["silence", "blanks for ever"])
    def test_leaves_an_answer_that_never_ends(self, openai_api: OpenAIServer, behaviour: Behaviour) -> None:
        """Neither silence nor bytes without an end hold a request up."""
        openai_api.always(behaviour)

        assert "The language model did not answer in time" == failure(connect(openai_api, patience=HASTY)).detail

    def test_does_not_wait_past_the_deadline(self, openai_api: OpenAIServer) -> None:
        """Told to come back after the call's own end, it gives up at once."""
        skipped = SkippedTime()
        openai_api.always(status(429, retry_after="110"))

        failure(connect(openai_api, skipped=skipped))

        assert ([], 1) == (skipped.pauses, len(openai_api.requests))

    def test_pauses_count_towards_the_deadline(self, openai_api: OpenAIServer) -> None:
        """Twelve seconds fit once into twenty, not twice."""
        skipped = SkippedTime()
        openai_api.always(status(429, retry_after="12"))

        failure(connect(openai_api, skipped=skipped))

        assert ([12.0], 2) == (skipped.pauses, len(openai_api.requests))

    def test_nobody_listens(self, openai_api: OpenAIServer) -> None:
        """A refused connection is a failure like any other."""
        openai_api.server_close()

        assert "The connection to the language model could not be made, or broke" == failure(connect(openai_api)).detail


class TestRefusals:
    """Failures that would not pass: asked once, with what to check."""

    def test_wrong_key(self, openai_api: OpenAIServer) -> None:
        """The detail names the variable."""
        error = failure(connect(openai_api, key="sk-wrong-key-0123456789"))

        assert "The language model's provider refused the key: check OPENAI_API_KEY" == error.detail
        assert 1 == len(openai_api.requests)

    @pytest.mark.parametrize("key", ["sk-ключ", "sk-with\nbreak"])
    def test_a_key_that_cannot_be_one(self, openai_api: OpenAIServer, key: str) -> None:
        """What does not fit into a header is never sent."""
        assert "OPENAI_API_KEY holds characters that no key has" == failure(connect(openai_api, key=key)).detail
        assert [] == openai_api.requests

    def test_unknown_model(self, openai_api: OpenAIServer) -> None:
        """The detail names the variable."""
        error = failure(connect(openai_api), model="gpt-none")

        assert "The language model's provider does not offer this model: check OPENAI_MODEL" == error.detail
        assert 1 == len(openai_api.requests)

    @pytest.mark.parametrize(
        ("behaviour", "detail"),
        [
            (status(403), "OPENAI_API_KEY does not permit this use of the language model"),
            (
                status(429, error_code="insufficient_quota"),
                "The account behind OPENAI_API_KEY has no quota left",
            ),
            (
                status(400, error_code="context_length_exceeded"),
                "The conversation is too long for the language model",
            ),
            (status(400), "The language model's provider refused the request (status 400)"),
        ],
        ids=["forbidden", "no quota", "too long", "bad request"],
    )
    def test_other_refusals(self, openai_api: OpenAIServer, behaviour: Behaviour, detail: str) -> None:
        """Each says what it is, once."""
        openai_api.script(behaviour)

        assert detail == failure(connect(openai_api)).detail
        assert 1 == len(openai_api.requests)

    def test_the_server_says_not_to_come_back(self, openai_api: OpenAIServer) -> None:
        """`x-should-retry: false` is obeyed, as by the SDK itself."""
        openai_api.script(Behaviour(status=503, headers={"x-should-retry": "false"}, body=b"{}"))

        failure(connect(openai_api))

        assert 1 == len(openai_api.requests)


class TestSecrecy:
    """What must not be told."""

    @pytest.mark.parametrize(
        "behaviour",
        [GOOD, status(500), cut(), garbled(b"the secret answer"), answer("")],
        ids=["good", "500", "cut", "garbled", "malformed"],
    )
    def test_logs_and_errors_hold_no_text_and_no_key(
        self, openai_api: OpenAIServer, caplog: pytest.LogCaptureFixture, behaviour: Behaviour
    ) -> None:
        """Even at the most talkative level, and with every cause's traceback written out."""
        caplog.set_level(logging.DEBUG)
        openai_api.always(behaviour)
        told = ""

        try:
            ask(connect(openai_api))
        except ModelUnavailable as error:
            told = "".join(traceback.format_exception(error))

        told += caplog.text
        assert [] == [secret for secret in (API_KEY, QUESTION, "secret answer", "Squat deep") if secret in told]

    def test_the_detail_of_a_wrong_key_holds_no_part_of_it(self, openai_api: OpenAIServer) -> None:
        """OpenAI's own message quotes the key's ends; ours does not."""
        error = failure(connect(openai_api, key="sk-wrong-key-0123456789"))

        assert "6789" not in error.detail


class TestSharing:
    """One connection, many threads."""

    def test_threads_get_their_own_answers(self, openai_api: OpenAIServer) -> None:
        """Sixteen questions at once on one client are sixteen requests and sixteen answers."""
        connection = connect(openai_api)

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: ask(connection), range(16)))

        assert {("squat-depth",)} == {tuple(found.citations) for found in answers}
        assert 16 == len(openai_api.requests)

    def test_connections_are_kept(self, openai_api: OpenAIServer) -> None:
        """A second question does not dial again."""
        connection = connect(openai_api)

        ask(connection)
        ask(connection)

        assert 1 == len({sent.client_port for sent in openai_api.requests})
