"""The stand-in for a language model: it quotes what was retrieved and computed, and says that it does no more.

It needs no key and no network, and gives the same answer to the same request. It finds what to quote as the offline
embedder does: by shared words and known synonyms.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models.citations import normalised
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.models.port import Answer, ChatRequest, Heard, Passage, ToolCall, ToolChoice

_CLOSING = "(I am the offline stand-in: I quote what I found, and do not reason.)"
_UNKNOWN = "I do not know: nothing I have speaks to your question. Other words for it may help me find more."
_UNSURE = "I am not sure that this answers you, but it is the nearest I have."

# cosines of the lexical embedder: unrelated texts stay under 0.1, a passage that answers is rarely under 0.2
_RELATED = 0.12
_SURE = 0.18
_BEARING = 0.06
"""Facts are short and about the caller: less in common with the question is enough."""
_NEAR_THE_BEST = 0.75
_LEAD_BONUS = 0.12
"""A passage's first sentence tends to hold its point."""
_FIGURE_BONUS = 0.08
"""Whoever asks how much wants a figure."""
_DANGLING_LOSS = 0.15
"""A sentence that begins with "So" or "They" leans on the one before it."""
_QUOTAS = (3, 2, 1)
"""How many sentences are quoted of the best passage, the next, and the third; a lead like "No." counts for none."""
_QUOTAS_BESIDE_RESULTS = (2,)
"""Who asked for a tool's work wants that first of all."""
_MOST_FACTS = 3

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|approx|Dr|Mr|Mrs|Ms|al|etc|min|max|Fig|No)\.$")
_ASKS_FOR_FIGURES = re.compile(
    r"\bhow (?:much|many|often|long|heavy|far|soon)\b|\bwhat (?:dose|amount|percentage)\b", re.I
)
_FIGURE = re.compile(r"\d")
_WORD_END = re.compile(r"\S+")
_DANGLING = re.compile(r"(?:This|That|These|Those|It|They|Both|Such|So|But|However|Its|Their|He|She)\b")


@dataclass(frozen=True)
class _Quote:
    """Sentences of one passage, in its order; `score` says how near the passage is to the question."""

    passage: Passage
    sentences: Sequence[str]
    score: float


class OfflineChatModel:
    """Reads tools' arguments from plain words, and answers with quotations."""

    name = "offline"

    def __init__(self) -> None:
        self._embedder = LexicalEmbedder()

    def choose_tools(
        self,
        request: ChatRequest,
        *,
        deadline: Deadline | None = None,  # noqa: ARG002  it takes a millisecond
    ) -> ToolChoice:
        """Return each tool whose words the question holds."""
        read = [(tool.name, tool.from_words(request.question)) for tool in request.tools]
        return ToolChoice([ToolCall(name, arguments) for name, arguments in read if arguments is not None])

    def answer(
        self,
        request: ChatRequest,
        *,
        deadline: Deadline | None = None,  # noqa: ARG002  it takes a millisecond
        heard: Heard | None = None,
    ) -> Answer:
        """Return what the tools found or the facts that bear on the question, then the nearest sentences, cited."""
        answer = self._answer(request)
        if heard:
            for word in _WORD_END.finditer(answer.text):
                heard(answer.text[: word.end()])
        return answer

    def _answer(self, request: ChatRequest) -> Answer:
        facts = [_plain(text) for text in request.results] or self._bearing_facts(request)
        quotes = self._quotes(request)
        parts = [_listed(facts)] if facts else []
        if not quotes and not facts:
            parts.append(_UNKNOWN)
        if quotes and quotes[0].score < _SURE and not facts:
            parts.append(_UNSURE)
        parts += [_paragraph(quote, number) for number, quote in enumerate(quotes, 1)]
        return Answer("\n\n".join([*parts, _CLOSING]), [quote.passage.id for quote in quotes])

    def _bearing_facts(self, request: ChatRequest) -> list[str]:
        facts = [plain for fact in dict.fromkeys(request.facts) if (plain := _plain(fact))]
        scores = dict(zip(facts, self._near(request, facts), strict=True))
        nearest = sorted(facts, key=lambda fact: -scores[fact])[:_MOST_FACTS]
        return [fact for fact in facts if fact in nearest and scores[fact] > _BEARING]

    def _quotes(self, request: ChatRequest) -> list[_Quote]:
        passages = list({passage.id: passage for passage in request.passages}.values())
        scores = self._near(request, [f"{passage.title}\n\n{passage.text}" for passage in passages])
        ranked = sorted(zip(scores, passages, strict=True), key=lambda pair: -pair[0])
        floor, quotas = (_SURE, _QUOTAS_BESIDE_RESULTS) if request.results else (_RELATED, _QUOTAS)
        least = max(floor, _NEAR_THE_BEST * ranked[0][0]) if ranked else 0
        chosen = [(score, passage) for score, passage in ranked if score >= least]
        quotes = [
            _Quote(passage, self._best_sentences(request, passage, quota), score)
            for (score, passage), quota in zip(chosen, quotas, strict=False)
        ]
        return [quote for quote in quotes if quote.sentences]

    def _best_sentences(self, request: ChatRequest, passage: Passage, quota: int) -> list[str]:
        """Choose by nearness alone, then put back in the passage's order."""
        sentences = [plain for sentence in _sentences(passage.text) if (plain := _plain(sentence))]
        near = self._near(request, sentences)
        scores = [score + _worth(request, sentences, place) for place, score in enumerate(near)]
        best = sorted(range(len(sentences)), key=lambda place: -scores[place])[:quota]
        # a lead like "No." answers the title, and the sentence after it says why
        if sentences and (quota > 1 or best == [0]) and 0 not in best:
            best = [0, *best[: quota - 1]]
        if best == [0] and len(sentences[0]) < 40 and len(sentences) > 1:
            best = [0, 1]
        return [sentences[place] for place in sorted(best)]

    def _near(self, request: ChatRequest, texts: Sequence[str]) -> list[float]:
        """Return how near each text is to the question: 1 is the same words, 0 nothing in common."""
        question, *vectors = self._embedder.embed([request.question, *texts])
        return [sum(mine * theirs for mine, theirs in zip(question, vector, strict=True)) for vector in vectors]


def _worth(request: ChatRequest, sentences: Sequence[str], place: int) -> float:
    """Return what speaks for a sentence beside its nearness to the question."""
    sentence = sentences[place]
    wanted = _FIGURE.search(sentence) and _ASKS_FOR_FIGURES.search(request.question)
    return (
        (_LEAD_BONUS if place == 0 else 0)
        + (_FIGURE_BONUS if wanted else 0)
        - (_DANGLING_LOSS if _DANGLING.match(sentence) else 0)
    )


def _sentences(text: str) -> Iterator[str]:
    """Yield whole sentences; an abbreviation's full stop ends none."""
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        if "\n" not in gap[0] and _ABBREVIATION.search(text[start : gap.start()]):
            continue
        yield text[start : gap.end()].strip()
        start = gap.end()
    yield text[start:].strip()


def _plain(text: str) -> str:
    """Drop what looks like our markers: they would seem to cite something else here."""
    return normalised(" ".join(text.split()), (), ())[0]


def _listed(facts: Sequence[str]) -> str:
    return " ".join(facts) if len(facts) < 3 else "\n".join(f"- {fact}" for fact in facts)


def _paragraph(quote: _Quote, number: int) -> str:
    title = _plain(quote.passage.title)
    if title and title[-1] not in ".?!:":
        title += "." if ":" in title else ":"
    body = " ".join(quote.sentences)
    stop = body[-1] if body[-1] in ".!?" else "."
    return f"{title} {body.rstrip('.!?')} [{number}]{stop}".strip()
