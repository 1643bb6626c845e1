"""An embedder over the real SDK: order, batches, unit length, dimensions."""

import json
import math

import pytest
from tests.chassis.models.openai_stage import connect

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models.openai_embedder import OpenAIEmbedder
from rehearsal.vendors.openai_api import OpenAIServer
from rehearsal.vendors.openai_script import Behaviour, garbled, status

ODD_VECTORS = "The embedder's vectors are not what its model makes: check OPENAI_EMBEDDING_MODEL"


@pytest.fixture
def embedder(openai_api: OpenAIServer) -> OpenAIEmbedder:
    """Return an embedder of a model that only the local OpenAI has, with short vectors."""
    return OpenAIEmbedder(connect(openai_api), "tiny-embedding")


def rows(*vectors: list[float], indices: list[int] | None = None) -> Behaviour:
    """Return a response with these vectors."""
    numbers = indices if indices is not None else list(range(len(vectors)))
    data = [{"index": index, "embedding": vector} for index, vector in zip(numbers, vectors, strict=True)]
    return Behaviour(body=json.dumps({"data": data}).encode())


class TestEmbed:
    """Texts to vectors."""

    def test_keeps_the_order(self, embedder: OpenAIEmbedder) -> None:
        """The local OpenAI sends them last first; each text still gets its own."""
        texts = ["squat", "bench press", "rest"]

        assert [embedder.embed([text])[0] for text in texts] == embedder.embed(texts)

    def test_makes_unit_vectors(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """Whatever length the server sent."""
        openai_api.script(rows([3.0, 4.0]))

        assert [[0.6, 0.8]] == embedder.embed(["squat"])

    def test_sends_at_most_256_texts_at_once(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """600 texts are three requests, and 600 vectors in order."""
        texts = [f"word{number}" for number in range(600)]

        vectors = embedder.embed(texts)

        assert [256, 256, 88] == [len(sent.body["input"]) for sent in openai_api.requests]
        assert texts == [text for sent in openai_api.requests for text in sent.body["input"]]
        assert 600 == len(vectors)

    def test_bounds_the_characters_of_a_request(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """Long texts make smaller batches; one over the bound stands alone."""
        embedder.embed(["a" * 90_000, "b" * 90_000, "c" * 90_000, "d" * 300_000, "e"])

        assert [2, 1, 1, 1] == [len(sent.body["input"]) for sent in openai_api.requests]

    def test_asks_for_floats(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """Not every server knows base64."""
        embedder.embed(["squat"])

        assert "float" == openai_api.requests[0].body["encoding_format"]

    def test_asks_nobody_for_nothing(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """No text, no request."""
        assert ([], []) == (embedder.embed([]), openai_api.requests)

    def test_outlives_a_failure_that_passes(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """The same patience as the chat model's."""
        openai_api.script(status(429, retry_after="1"))

        assert 1.0 == pytest.approx(math.hypot(*embedder.embed(["squat"])[0]))
        assert 2 == len(openai_api.requests)


class TestDimensions:
    """The length of the vectors."""

    @pytest.mark.parametrize(
        ("model", "dimensions"), [("text-embedding-3-small", 1536), ("text-embedding-3-large", 3072)]
    )
    def test_of_known_models_costs_no_request(self, openai_api: OpenAIServer, model: str, dimensions: int) -> None:
        """They are known, and true."""
        embedder = OpenAIEmbedder(connect(openai_api), model)

        assert (dimensions, []) == (embedder.dimensions, openai_api.requests)
        assert dimensions == len(embedder.embed(["squat"])[0])

    def test_of_other_models_is_learnt_once(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """From the first answer."""
        assert (16, 16, 1) == (embedder.dimensions, embedder.dimensions, len(openai_api.requests))


class TestFailure:
    """Answers that are no embeddings."""

    @pytest.mark.parametrize(
        "behaviour",
        [rows(), rows([1.0], [1.0]), rows([1.0], indices=[1])],
        ids=["too few", "too many", "wrong index"],
    )
    def test_texts_and_vectors_must_pair(
        self, openai_api: OpenAIServer, embedder: OpenAIEmbedder, behaviour: Behaviour
    ) -> None:
        """A vector is never given to the wrong text."""
        openai_api.script(behaviour)

        with pytest.raises(ModelUnavailable, match="one vector for each text"):
            embedder.embed(["squat"])

    @pytest.mark.parametrize("vector", [[0.0, 0.0], [1.5e308, 1.5e308]], ids=["zero", "beyond floats"])
    def test_a_vector_must_have_a_direction(
        self, openai_api: OpenAIServer, embedder: OpenAIEmbedder, vector: list[float]
    ) -> None:
        """What cannot be brought to unit length is refused."""
        openai_api.script(rows(vector))

        with pytest.raises(ModelUnavailable) as caught:
            embedder.embed(["squat"])

        assert ODD_VECTORS == caught.value.detail

    def test_the_length_must_not_change(self, openai_api: OpenAIServer) -> None:
        """Another model behind the same name would spoil a collection."""
        openai_api.script(rows([1.0, 0.0]))

        with pytest.raises(ModelUnavailable) as caught:
            OpenAIEmbedder(connect(openai_api), "text-embedding-3-small").embed(["squat"])

        assert ODD_VECTORS == caught.value.detail

    def test_not_a_number_is_no_vector(self, openai_api: OpenAIServer, embedder: OpenAIEmbedder) -> None:
        """Nor is an envelope with one readable."""
        openai_api.always(garbled(b'{"data": [{"index": 0, "embedding": [NaN]}]}'))

        with pytest.raises(ModelUnavailable, match="could not be read"):
            embedder.embed(["squat"])

    def test_unknown_model(self, openai_api: OpenAIServer) -> None:
        """The detail names the embedder's variable."""
        with pytest.raises(ModelUnavailable, match="check OPENAI_EMBEDDING_MODEL"):
            OpenAIEmbedder(connect(openai_api), "no-such-embedding").embed(["squat"])
