"""Whether what was found can answer a question at all: where it cannot, nobody is asked to answer.

For the stand-in, which quotes and does not reason; a model that reads tells by itself that a passage beside the point
does not answer. A chunk counts by how many of the question's words it has, in whatever form, and by how near the
embedder puts it. The figures were chosen on one half of the questions in `evals/knowledge`, and are measured on the
other: `python -m evals`.
"""

from collections.abc import Sequence

from coachwork.chassis.keywords.words import telling_words
from coachwork.chassis.models.lexical import stem
from coachwork.services.knowledge.domain.hits import Hit

_ENOUGH = 0.81
_LOOKED_AT = 5
_NEARNESS_WEIGHT = 0.3
_FEW = {0: 0.0, 1: 0.5, 2: 0.85}
"""One word, or two, may be in a chunk by chance."""
_ASKING = frozenset(
    """after before during come comes done ever far get gets give gives go goes got high large like long many mean
    means much must need needs off often old one ones please s say says shall since soon still t take takes tall tell
    tells thing things until use used uses using want whether within yet big""".split()  # noqa: SIM905  reads best so
)
"""What questions are made with, whatever they are about."""
_IRREGULAR = dict(
    pair.split(":")
    for pair in """began:begin begun:begin bought:buy children:child chosen:choose drove:drive fallen:fall feet:foot
    fell:fall frozen:freeze given:give gone:go grew:grow grown:grow held:hold kept:keep known:know laid:lay left:leave
    lent:lend lost:lose made:make men:man paid:pay people:person risen:rise rose:rise sent:send sold:sell stood:stand
    taken:take teeth:tooth thrown:throw told:tell took:take went:go women:woman worn:wear written:write
    wrote:write""".split()  # noqa: SIM905  reads best so
)


def has_evidence(query: str, hits: Sequence[Hit]) -> bool:
    """Return whether one of the first five hits holds enough of what the query asks for."""
    wanted = frozenset(_stems(query)) - _ASKING_STEMS
    return bool(wanted) and any(_strength(wanted, hit) >= _ENOUGH for hit in hits[:_LOOKED_AT])


def _strength(wanted: frozenset[str], hit: Hit) -> float:
    """Return how much a hit speaks of: 1 when it has all the words, more when it is near as well."""
    held = len(wanted.intersection(_stems(f"{hit.heading} {hit.text}")))
    return held / len(wanted) * _FEW.get(held, 1.0) + _NEARNESS_WEIGHT * (hit.similarity or 0.0)


def _stems(text: str) -> list[str]:
    return [stem(_IRREGULAR.get(word, word)) for word in telling_words(text)]


_ASKING_STEMS = frozenset(_stems(" ".join(_ASKING)))
