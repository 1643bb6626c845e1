"""The error tree: its drawing is true, and every leaf is fit to be shown."""

import re

from coachwork.chassis import errors
from coachwork.chassis.errors import CoachworkError, TooManyRequests


def descendants(error: type[CoachworkError]) -> list[type[CoachworkError]]:
    """Return every subclass in the chassis's own module, at any depth."""
    found = [one for one in error.__subclasses__() if one.__module__ == errors.__name__]
    return [*found, *(deeper for one in found for deeper in descendants(one))]


class TestTree:
    """The tree in the module's docstring."""

    def test_the_drawing_names_every_class(self) -> None:
        """The drawing and the classes agree."""
        drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
        assert {error.__name__ for error in descendants(CoachworkError)} == drawn

    def test_each_type_has_its_own_slug(self) -> None:
        """A problem's type tells failures apart; inner nodes aside, no two share one."""
        slugs = [error.slug for error in descendants(CoachworkError) if "slug" in vars(error)]
        assert sorted(set(slugs)) == sorted(slugs)

    def test_statuses_are_error_statuses(self) -> None:
        """No failure answers with a success."""
        assert all(400 <= error.status <= 599 for error in descendants(CoachworkError))


class TestTooManyRequests:
    """TooManyRequests."""

    def test_it_says_when_to_come_back(self) -> None:
        """Retry-After is whole seconds, at least one."""
        assert TooManyRequests(0).headers == {"Retry-After": "1"}
