"""What is read, built or imported at its first use, all at once: before a snapshot."""

from coachwork.chassis.charts.drawing import draw
from coachwork.chassis.charts.port import Bars, Words
from coachwork.services.fitness.agent import prepare as prepare_agent
from coachwork.services.fitness.domain.programmes.templates import templates
from coachwork.services.fitness.domain.safety.screen import screen

_WORDS = Words("Nothing", "", "Nothing is shown.", "There is nothing to show.")


def prepare() -> None:
    """Build what a turn runs on, read what its screen and the templates go by, and draw a chart of nothing."""
    prepare_agent()
    screen("How many sets should I do every week?")
    templates()
    draw(Bars(_WORDS, "", (), ()))
