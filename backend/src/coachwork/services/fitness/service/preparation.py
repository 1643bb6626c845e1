"""What is read, built or imported at its first use, all at once: before a snapshot."""

from coachwork.chassis.charts.drawing import draw
from coachwork.chassis.charts.port import Bars, Words
from coachwork.services.fitness.agent import prepare as prepare_agent
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.domain.programmes.templates import templates
from coachwork.services.fitness.domain.safety.screen import screen
from coachwork.services.fitness.schemas.chat import BuildPlanArguments
from coachwork.services.fitness.service.drafts import proposed_plan

_WORDS = Words("Nothing", "", "Nothing is shown.", "There is nothing to show.")


def prepare() -> None:
    """Build what a turn runs on, plan without exercises, read screen and templates, and draw an empty chart."""
    prepare_agent()
    screen("How many sets should I do every week?")
    proposed_plan(BuildPlanArguments(), Profile(), library=[])
    templates()
    draw(Bars(_WORDS, "", (), ()))
