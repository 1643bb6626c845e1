"""How a check ends without success.

Ended
├── Failed               something is not as it should be
│   ├── Unanswered       a request got no answer
│   └── Unreachable      the application does not answer there: nothing else is worth trying
├── Skipped              an option it needs was not given
└── NotTried             a check it builds on had failed
"""


class Ended(Exception):
    """A check is over; the message says why."""


class Failed(Ended):
    """Something is not as it should be; the message has it line by line."""


class Unanswered(Failed):
    """A request got no answer; the message says why."""


class Unreachable(Failed):
    """The application does not answer there: nothing else is worth trying."""


class Skipped(Ended):
    """An option it needs was not given; the message says how to give it."""


class NotTried(Ended):
    """A check it builds on had failed."""
