"""What searching by words may fail with.

DependencyError                 503
└── KeywordIndexUnavailable
"""

from coachwork.chassis.errors import DependencyError


class KeywordIndexUnavailable(DependencyError):
    """This instance can keep no index of words: its temporary folder is full, or not its own."""

    slug = "keyword-index-unavailable"
    title = "The index of words is unavailable"
