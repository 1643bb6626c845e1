"""How good answers are: what is cited, and what is refused. Judged against the manuscripts, not against the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coachwork.services.knowledge.domain.turns import Citation, Scope
from coachwork.services.knowledge.service.answering import Answered, answer_from_documents
from evals.knowledge.corpus import Manuscript
from evals.knowledge.library import Library
from evals.knowledge.questions import Answerable, Unanswerable


@dataclass(frozen=True)
class AnswerScore:
    """Of a group of answerable questions; the shares are of the answers, and None where there is none.

    `citations` are all that the answers have; `right` is the share of them whose excerpt stands word for word on the
    page they name. `on_page` is the share of answers whose first citation is the page that answers, `told` of those
    with the answer's words among their excerpts.
    """

    questions: int
    answers: int
    citations: int
    right: float | None
    on_page: float | None
    told: float | None


@dataclass(frozen=True)
class RefusalScore:
    """Of a group of unanswerable questions, the share that got no answer."""

    questions: int
    refused: float


def answer(library: Library, question: str) -> Answered:
    """Answer as the chat does, without a thread."""
    return answer_from_documents(library.resources, library.principal, question, Scope(), ())


def is_right(citation: Citation, library: Library, texts: Mapping[str, Manuscript]) -> bool:
    """Whether the excerpt stands on the page the citation names, as it was written there."""
    pages = texts[library.stems[citation.document_id]].pages
    excerpt = _plain(citation.excerpt or "")
    return bool(excerpt) and citation.page <= len(pages) and excerpt in _plain(pages[citation.page - 1])


def score(
    library: Library, texts: Mapping[str, Manuscript], asked: Sequence[Answerable], given: Sequence[Answered]
) -> dict[str, AnswerScore]:
    """Return the scores of all, of each kind, and of each split."""
    groups: dict[str, list[tuple[Answerable, Answered]]] = {}
    for question, answered in zip(asked, given, strict=True):
        for name in ("all", question.kind, question.split):
            groups.setdefault(name, []).append((question, answered))
    return {name: _score(library, texts, pairs) for name, pairs in groups.items()}


def score_refusals(asked: Sequence[Unanswerable], given: Sequence[Answered]) -> dict[str, RefusalScore]:
    """Return the scores of all, of each kind, of each split, and of each kind in each split."""
    groups: dict[str, list[bool]] = {}
    for question, answered in zip(asked, given, strict=True):
        for name in ("all", question.kind, question.split, f"{question.kind}, {question.split}"):
            groups.setdefault(name, []).append(not answered.citations)
    return {name: RefusalScore(len(refused), sum(refused) / len(refused)) for name, refused in groups.items()}


def _score(
    library: Library, texts: Mapping[str, Manuscript], pairs: Sequence[tuple[Answerable, Answered]]
) -> AnswerScore:
    answered = [pair for pair in pairs if pair[1].citations]
    cited = [citation for _, given in answered for citation in given.citations]
    return AnswerScore(
        questions=len(pairs),
        answers=len(answered),
        citations=len(cited),
        right=_share([is_right(citation, library, texts) for citation in cited]),
        on_page=_share(
            [_where(library, given.citations[0]) == (asked.document, asked.page) for asked, given in answered]
        ),
        told=_share([any(asked.is_in(one.excerpt or "") for one in given.citations) for asked, given in answered]),
    )


def _where(library: Library, citation: Citation) -> tuple[str, int]:
    return library.stems[citation.document_id], citation.page


def _share(held: Sequence[bool]) -> float | None:
    return sum(held) / len(held) if held else None


def _plain(text: str) -> str:
    """Return the text without line ends, and without what marks headings and tables in a manuscript."""
    lines = (line.removeprefix("# ").replace("|", " ") for line in text.splitlines())
    return " ".join(" ".join(lines).split())
