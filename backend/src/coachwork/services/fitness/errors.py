"""What can go wrong in the fitness service, beyond the chassis's own failures.

NotFound                        404, also for somebody else's
├── ExerciseNotFound
├── GoalNotFound
├── LogNotFound
├── MeasurementNotFound
├── VideoNotFound
└── WorkoutNotFound
Forbidden                       403
└── NotYourExercise
InvalidRequest                  422, naming the value
├── UnknownExercise
├── UnknownWorkout
├── UnfitSet
├── ImplausibleTime
├── UnfitGoal
├── UnsafeTarget
├── InvalidVideoPath
└── VideoTooLarge
Conflict                        409
├── ExerciseInUse
├── ExerciseNameTaken
└── TooManyExercises
CoachworkError                  while loading, never in a request
└── InvalidSeeds
"""

from collections.abc import Sequence

from coachwork.chassis.errors import (
    CoachworkError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    WrongValue,
)


class ExerciseNotFound(NotFound):
    """The library has no such exercise."""

    slug = "exercise-not-found"
    title = "There is no exercise with this slug or id"


class NotYourExercise(Forbidden):
    """The library is the same for everybody."""

    slug = "not-your-exercise"
    title = "The library's exercises cannot be changed: add one of your own"


class ExerciseInUse(Conflict):
    """Something names the exercise; `uses` says what."""

    slug = "exercise-in-use"
    title = "The exercise is in use"

    def __init__(self, uses: str) -> None:
        super().__init__(f"{uses} would lose it. Archive it instead: it leaves the lists, and your history stays")


class ExerciseNameTaken(Conflict):
    """The caller has an exercise of this name."""

    slug = "exercise-name-taken"
    title = "You have an exercise of this name"


class TooManyExercises(Conflict):
    """The caller has as many exercises of their own as there can be."""

    slug = "too-many-exercises"
    title = "You have as many exercises of your own as there can be"


class WorkoutNotFound(NotFound):
    """There is no such workout, or it is somebody else's."""

    slug = "workout-not-found"
    title = "There is no workout with this id"


class LogNotFound(NotFound):
    """There is no such performance log, or it is somebody else's."""

    slug = "log-not-found"
    title = "There is no performance log with this id"


class GoalNotFound(NotFound):
    """There is no such goal, or it is somebody else's."""

    slug = "goal-not-found"
    title = "There is no goal with this id"


class MeasurementNotFound(NotFound):
    """There is no such measurement, or it is somebody else's."""

    slug = "measurement-not-found"
    title = "There is no measurement with this id"


class VideoNotFound(NotFound):
    """There is no such video."""

    slug = "video-not-found"
    title = "There is no video at this path"


class UnknownExercise(InvalidRequest):
    """The request names exercises the library does not have; `locations` point at each."""

    slug = "unknown-exercise"
    title = "The library does not have this exercise"

    def __init__(self, locations: Sequence[str]) -> None:
        super().__init__(values=[WrongValue(location, "There is no exercise with this slug") for location in locations])


class UnknownWorkout(InvalidRequest):
    """The request names a workout the caller does not have."""

    slug = "unknown-workout"
    title = "You have no such workout"

    def __init__(self) -> None:
        super().__init__(values=[WrongValue("body/workout_id", "You have no workout with this id")])


class UnfitSet(InvalidRequest):
    """Sets lack what their exercise is measured in; `values` say which, and what they want."""

    slug = "unfit-set"
    title = "A set lacks what its exercise is measured in"

    def __init__(self, values: Sequence[WrongValue]) -> None:
        super().__init__(values=values)


class ImplausibleTime(InvalidRequest):
    """A time in the request lies where it cannot; `message` says where it can."""

    slug = "implausible-time"
    title = "This time is not plausible"

    def __init__(self, location: str, message: str) -> None:
        super().__init__(values=[WrongValue(location, message)])


class TooManyLogsInPeriod(InvalidRequest):
    """The period holds more logs than one answer carries; nothing is left out silently."""

    slug = "too-many-logs-in-period"
    title = "The period holds more logs than one answer carries"

    def __init__(self, most: int) -> None:
        super().__init__(values=[WrongValue("query/from", f"the period may hold {most} logs of the exercise")])


class UnfitGoal(InvalidRequest):
    """A value does not fit the goal's kind; `message` says what would."""

    slug = "unfit-goal"
    title = "This value does not fit the goal"

    def __init__(self, location: str, message: str) -> None:
        super().__init__(values=[WrongValue(location, message)])


class UnsafeTarget(InvalidRequest):
    """The target is one the coach does not help with; `reason` says why, on whose word, and who can help."""

    slug = "unsafe-target"
    title = "This is no target to help with"

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(reason, [WrongValue(location, reason)])


class InvalidVideoPath(InvalidRequest):
    """The path is none a video can have; `flaw` says why."""

    slug = "invalid-video-path"
    title = "This is no path of a video"

    def __init__(self, location: str, flaw: str) -> None:
        super().__init__(values=[WrongValue(location, flaw)])


class VideoTooLarge(InvalidRequest):
    """The video is larger than this deployment takes."""

    slug = "video-too-large"
    title = "The video is too large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(values=[WrongValue("body/size_bytes", f"is at most {max_bytes}")])


class InvalidSeeds(CoachworkError):
    """A file of exercises or passages cannot be loaded; `detail` names the file and each place."""

    slug = "invalid-seeds"
    title = "The seeds cannot be loaded"
