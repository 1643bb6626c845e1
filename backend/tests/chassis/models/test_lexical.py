"""The offline embedder: the same always, of unit length, and blind to anything but words and listed synonyms."""

import json
import math
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from coachwork.chassis.models import Embedder, lexical
from coachwork.chassis.models.lexical import LexicalEmbedder, stem

SOURCES = Path(lexical.__file__).parents[3]


@pytest.fixture
def embedder() -> Embedder:
    """Return the embedder as the port knows it."""
    return LexicalEmbedder()


def similarity(embedder: Embedder, one: str, other: str) -> float:
    """Return the cosine similarity of two texts."""
    first, second = embedder.embed([one, other])
    return sum(left * right for left, right in zip(first, second, strict=True))


class TestEmbed:
    """Texts become vectors."""

    def test_returns_a_vector_per_text_in_order(self, embedder: Embedder) -> None:
        """A text's vector does not depend on its neighbours."""
        squat, sleep = embedder.embed(["Squat deep", "Sleep well"])

        assert [[sleep], [squat]] == [embedder.embed(["Sleep well"]), embedder.embed(["Squat deep"])]

    def test_vectors_have_unit_length(self, embedder: Embedder) -> None:
        """So cosine similarity is their product."""
        (vector,) = embedder.embed(["How much protein does a lifter need per day?"])

        assert embedder.dimensions == len(vector)
        assert math.isclose(1.0, sum(value * value for value in vector))

    @pytest.mark.parametrize("text", ["", "  \n\n ", "!?", "日本語"])
    def test_of_a_text_without_words_is_zero(self, embedder: Embedder, text: str) -> None:
        """There is nothing to compare, and that is no error."""
        assert [[0.0] * embedder.dimensions] == embedder.embed([text])

    def test_is_the_same_in_another_process(self, embedder: Embedder) -> None:
        """Python's own hash differs from run to run; vectors that are stored must not."""
        program = (
            "import json; from coachwork.chassis.models.lexical import LexicalEmbedder as E;"
            "print(json.dumps(E().embed(['Deadlift with a flat back'])))"
        )
        result = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(SOURCES), "PYTHONHASHSEED": "7"},
            capture_output=True,
            text=True,
            check=True,
        )

        assert embedder.embed(["Deadlift with a flat back"]) == json.loads(result.stdout)

    def test_changes_only_with_its_name(self, embedder: Embedder) -> None:
        """Stored vectors are kept by name: whoever changes words, weights or data gives it a new one."""
        (vector,) = embedder.embed(["Heart rate zones\n\nEasy runs build endurance; sleep and protein repair."])
        digest = sha256(json.dumps([round(value, 9) for value in vector]).encode()).hexdigest()[:16]

        assert ("offline-lexical-1", "338aaec499330468") == (embedder.name, digest)


class TestSimilarity:
    """What is near to what."""

    def test_of_a_text_to_itself_is_one(self, embedder: Embedder) -> None:
        """Nothing is nearer."""
        assert math.isclose(1.0, similarity(embedder, "Deep squats", "Deep squats"))

    def test_shared_words_bring_near(self, embedder: Embedder) -> None:
        """The text with the question's words beats one without."""
        question = "How much creatine should I take?"

        assert similarity(embedder, question, "Take 3 to 5 g of creatine a day") > similarity(
            embedder, question, "Keep your elbows under the bar"
        )

    def test_endings_do_not_matter(self, embedder: Embedder) -> None:
        """Words are compared by their stems."""
        assert similarity(embedder, "lifting weights", "lifted a weight") > 0.9

    def test_listed_synonyms_bring_near(self, embedder: Embedder) -> None:
        """A phrase of a concept is near to another of it, without a common word."""
        question = "I blacked out on the bike"

        assert similarity(embedder, question, "Fainting") > similarity(embedder, question, "Hydration") + 0.1

    def test_the_heading_counts_more_than_the_body(self, embedder: Embedder) -> None:
        """A first line before a blank one says what the text is about."""
        question = "creatine"

        assert similarity(embedder, question, "Creatine\n\nCaffeine") > similarity(
            embedder, question, "Caffeine\n\nCreatine"
        )

    def test_misspelt_words_stay_near(self, embedder: Embedder) -> None:
        """Pieces of words still match."""
        assert similarity(embedder, "hypertropy", "hypertrophy") > similarity(embedder, "hypertropy", "stretching")


class TestStem:
    """Words without their endings."""

    @pytest.mark.parametrize(
        "family",
        [
            ("lift", "lifts", "lifted", "lifting", "lifter", "lifters"),
            ("squat", "squats", "squatting"),
            ("dose", "doses", "dosing"),
            ("injury", "injuries"),
        ],
    )
    def test_is_one_for_a_family(self, family: tuple[str, ...]) -> None:
        """Forms of a word share a stem."""
        assert 1 == len({stem(word) for word in family})

    def test_keeps_short_words_apart(self) -> None:
        """A stem keeps at least three letters, with a vowel among them."""
        assert ["red", "res", "bed"] == [stem(word) for word in ("red", "res", "bed")]
