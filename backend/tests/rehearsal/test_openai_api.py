"""The local OpenAI, as OpenAI's own SDK sees it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest
from openai import OpenAI

from rehearsal.vendors.openai_api import OpenAIServer, running_openai
from rehearsal.vendors.openai_script import answer, cut, refusal, stall, status, tool_call

API_KEY = "sk-rehearsal"
PROMPT = '<passage id="a&amp;b">\nSquat &lt;deep&gt;. Then rest.\n</passage>\n<passage id="c">\nNo.\n</passage>'


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """Start it."""
    with running_openai(api_key=API_KEY) as running:
        yield running


@pytest.fixture
def client(server: OpenAIServer) -> Iterator[OpenAI]:
    """Return the real SDK, not retrying."""
    with OpenAI(api_key=API_KEY, base_url=server.url, max_retries=0, timeout=10) as sdk:
        yield sdk


class TestChatCompletions:
    """`POST /v1/chat/completions`."""

    def test_speaks_by_itself(self, client: OpenAI) -> None:
        """A whole completion, with usage."""
        completion = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])

        assert ("This is the local OpenAI.", "stop") == (
            completion.choices[0].message.content,
            completion.choices[0].finish_reason,
        )
        assert completion.usage
        assert completion.usage.prompt_tokens + completion.usage.completion_tokens == completion.usage.total_tokens

    def test_cites_the_first_passage_of_the_prompt(self, client: OpenAI) -> None:
        """By its id, unescaped, in the structure that was asked for."""
        completion = client.chat.completions.create(
            model="gpt-4o-mini",
            messages=[{"role": "user", "content": PROMPT}],
            response_format={"type": "json_object"},
        )

        assert '{"text": "Squat <deep>. [1]", "citations": ["a&b"]}' == completion.choices[0].message.content

    def test_calls_a_function_when_told(self, server: OpenAIServer, client: OpenAI) -> None:
        """As the SDK parses it."""
        server.script(tool_call("find", {"lift": "squat"}))

        choice = client.chat.completions.create(model="gpt-4o-mini", messages=[]).choices[0]

        assert "tool_calls" == choice.finish_reason
        assert choice.message.tool_calls
        assert '{"lift": "squat"}' == choice.message.tool_calls[0].function.arguments  # type: ignore[union-attr]  # a function's call

    def test_streams_the_same_words(self, server: OpenAIServer, client: OpenAI) -> None:
        """The chunks add up to the answer; usage comes last, when asked for."""
        server.script(answer("Squat deep, then rest [1].", ["a"]))

        stream = client.chat.completions.create(
            model="gpt-4o-mini", messages=[], stream=True, stream_options={"include_usage": True}
        )
        chunks = list(stream)

        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert '{"text": "Squat deep, then rest [1].", "citations": ["a"]}' == text
        assert "stop" == chunks[-2].choices[0].finish_reason
        assert chunks[-1].usage

    def test_streams_calls_and_refusals(self, server: OpenAIServer, client: OpenAI) -> None:
        """They have deltas of their own."""
        server.script(tool_call("find", {}), refusal("No."))

        called = list(client.chat.completions.create(model="gpt-4o-mini", messages=[], stream=True))
        refused = list(client.chat.completions.create(model="gpt-4o-mini", messages=[], stream=True))

        assert ["find"] == [call.function.name for c in called for call in c.choices[0].delta.tool_calls or ()]  # type: ignore[union-attr]  # a function's call
        assert "No." == "".join(chunk.choices[0].delta.refusal or "" for chunk in refused)

    @pytest.mark.parametrize("stream", [False, True])
    def test_cuts_the_connection_when_told(self, server: OpenAIServer, client: OpenAI, stream: bool) -> None:
        """In the middle of the body, streamed or not."""
        server.script(cut())

        with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
            list(client.chat.completions.create(model="gpt-4o-mini", messages=[], stream=stream))


class TestErrors:
    """Errors as OpenAI words them, so that the SDK raises the right type."""

    def test_a_wrong_key(self, server: OpenAIServer) -> None:
        """401, with the key's ends, as OpenAI does."""
        with (
            OpenAI(api_key="sk-another-key", base_url=server.url, max_retries=0) as stranger,
            pytest.raises(openai.AuthenticationError, match=r"sk-\*+-key") as caught,
        ):
            stranger.models.list()

        assert "invalid_api_key" == caught.value.code

    def test_an_unknown_model(self, client: OpenAI) -> None:
        """404."""
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(model="gpt-none", messages=[])

        assert "model_not_found" == caught.value.code

    def test_an_unknown_path(self, client: OpenAI) -> None:
        """404 as well."""
        with pytest.raises(openai.NotFoundError):
            client.moderations.create(input="Hi")

    def test_a_scripted_status(self, server: OpenAIServer, client: OpenAI) -> None:
        """With its header."""
        server.script(status(429, retry_after="3"))

        with pytest.raises(openai.RateLimitError) as caught:
            client.embeddings.create(model="tiny-embedding", input="squat")

        assert "3" == caught.value.response.headers["retry-after"]

    def test_stopping_ends_a_stall(self) -> None:
        """A stalled request does not hold the server up: the test would not end."""
        with running_openai() as server, OpenAI(api_key="any", base_url=server.url, max_retries=0, timeout=0.1) as sdk:
            server.script(stall(3_600))
            with pytest.raises(openai.APITimeoutError):
                sdk.chat.completions.create(model="gpt-4o-mini", messages=[])


class TestEmbeddings:
    """`POST /v1/embeddings`."""

    def test_the_same_text_has_the_same_vector(self, client: OpenAI) -> None:
        """In any request, and in both encodings (the SDK asks for base64 by itself)."""
        by_default = client.embeddings.create(model="tiny-embedding", input=["rest", "squat"])
        floats = client.embeddings.create(model="tiny-embedding", input="squat", encoding_format="float")

        second = next(row.embedding for row in by_default.data if row.index == 1)
        assert floats.data[0].embedding == second

    def test_shared_words_bring_vectors_near(self, client: OpenAI) -> None:
        """Near enough to search by."""
        rows = client.embeddings.create(
            model="text-embedding-3-small", input=["deep squat", "squat deep down", "sleep well"]
        ).data
        base, near, far = (row.embedding for row in sorted(rows, key=lambda row: row.index))

        nearness = [sum(a * b for a, b in zip(base, other, strict=True)) for other in (near, far)]
        assert nearness[0] > nearness[1]


class TestModels:
    """`GET /v1/models`."""

    def test_lists_what_it_answers_for(self, client: OpenAI) -> None:
        """Chat models and embedders."""
        assert {"gpt-4o-mini", "text-embedding-3-small"} <= {model.id for model in client.models.list()}


class TestCommand:
    """`python -m rehearsal.vendors.openai_api`."""

    def test_says_where_it_listens_and_serves(self) -> None:
        """Any key opens it unless one is given."""
        source = Path(__file__).parents[2] / "src"
        command = [sys.executable, "-m", "rehearsal.vendors.openai_api", "--port", "0"]
        with subprocess.Popen(
            command, cwd=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout
            url = process.stdout.readline().strip().removeprefix("OPENAI_BASE_URL=")
            try:
                with OpenAI(api_key="any", base_url=url, max_retries=0) as sdk:
                    found = [model.id for model in sdk.models.list()]
            finally:
                process.terminate()

        assert "gpt-4o-mini" in found
