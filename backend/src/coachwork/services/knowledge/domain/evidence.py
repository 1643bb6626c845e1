"""Whether what was found can answer a question at all: where it cannot, nobody is asked to answer."""

from collections.abc import Sequence

from coachwork.chassis.keywords.words import telling_words
from coachwork.chassis.models.lexical import stem
from coachwork.services.knowledge.domain.hits import Hit

_LEAST_COVERED = 0.6
_LOOKED_AT = 5


def has_evidence(query: str, hits: Sequence[Hit]) -> bool:
    """Return whether one of the first hits holds enough of what the query asks for."""
    wanted = {stem(word) for word in telling_words(query)}
    if not wanted:
        return False
    held = [{stem(word) for word in telling_words(f"{hit.heading} {hit.text}")} for hit in hits[:_LOOKED_AT]]
    return any(len(wanted & words) >= _LEAST_COVERED * len(wanted) for words in held)
