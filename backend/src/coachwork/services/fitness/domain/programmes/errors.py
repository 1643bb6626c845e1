"""What can go wrong with programmes and sessions, beyond the service's own failures.

NotFound                        404, also for somebody else's
├── ProgrammeNotFound
├── SessionExerciseNotFound
├── SessionNotFound
├── SetNotFound
└── TemplateNotFound
Conflict                        409
├── AnotherSessionOpen
├── ExerciseStarted
├── LoggedInSession
├── NoDraft
├── NoEquivalent
├── ProgrammeIsDraft
└── TooMuch
InvalidRequest                  422, naming the value
├── UnknownDay
├── UnknownPart
└── UnknownTemplate
"""

from collections.abc import Sequence
from uuid import UUID

from coachwork.chassis.errors import Conflict, InvalidRequest, NotFound, WrongValue


class ProgrammeNotFound(NotFound):
    """There is no such programme, or it is somebody else's."""

    slug = "programme-not-found"
    title = "There is no programme with this id"


class TemplateNotFound(NotFound):
    """There is no such template."""

    slug = "template-not-found"
    title = "There is no programme template with this slug"


class SessionNotFound(NotFound):
    """There is no such training session, or it is somebody else's."""

    slug = "session-not-found"
    title = "There is no session with this id"


class SessionExerciseNotFound(NotFound):
    """The session has no such exercise."""

    slug = "session-exercise-not-found"
    title = "The session has no exercise with this id"


class SetNotFound(NotFound):
    """The session's exercise has no such set."""

    slug = "set-not-found"
    title = "The exercise has no set with this number"


class AnotherSessionOpen(Conflict):
    """A session is open, and there is one at a time; `detail` names it."""

    slug = "another-session-open"
    title = "Another session is open: finish or discard it first"

    def __init__(self, session_id: UUID) -> None:
        super().__init__(f"Session {session_id} is open: finish or discard it first")


class ExerciseStarted(Conflict):
    """An exercise that has sets cannot become another."""

    slug = "exercise-started"
    title = "The exercise has sets: delete them, or add the other exercise beside it"


class LoggedInSession(Conflict):
    """A session's log is of the exercise that the session says."""

    slug = "logged-in-session"
    title = "The log belongs to a session: its exercise is the session's, and is changed there"


class NoEquivalent(Conflict):
    """The library has nothing to do instead."""

    slug = "no-equivalent"
    title = "No equivalent fits your equipment and injuries: name an exercise"


class NoDraft(Conflict):
    """Only a draft is accepted."""

    slug = "no-draft"
    title = "The programme is archived, not a draft"


class ProgrammeIsDraft(Conflict):
    """A draft is not trained by."""

    slug = "programme-is-draft"
    title = "The programme is a draft: accept it first"


class TooMuch(Conflict):
    """There is no room for another; `detail` says how much there is."""

    slug = "too-much"
    title = "There is no room for another"


class UnknownTemplate(InvalidRequest):
    """The request names a template there is not."""

    slug = "unknown-template"
    title = "There is no such template"

    def __init__(self) -> None:
        super().__init__(values=[WrongValue("body/template", "There is no programme template with this slug")])


class UnknownDay(InvalidRequest):
    """The request names a day that no programme of the caller's has."""

    slug = "unknown-day"
    title = "You have no such day"

    def __init__(self) -> None:
        super().__init__(values=[WrongValue("body/day_id", "None of your programmes has a day with this id")])


class UnknownPart(InvalidRequest):
    """The request names days or slots that the programme does not have; `values` say which."""

    slug = "unknown-part"
    title = "The programme does not have this"

    def __init__(self, values: Sequence[WrongValue]) -> None:
        super().__init__(values=values)
