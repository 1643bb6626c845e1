"""How messages of one conversation lean on each other."""

_SHORT_WORDS = 6


def in_context(question: str, before: str | None) -> str:
    """Return what to look for: a short follow-up ("and for women?") together with the question before it."""
    return f"{before} {question}" if before and len(question.split()) < _SHORT_WORDS else question
