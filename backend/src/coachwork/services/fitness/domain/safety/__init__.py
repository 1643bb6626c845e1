"""Recognises messages a fitness coach must not answer as a coach, and what it says instead."""

from coachwork.services.fitness.domain.safety.answers import SAFE_ANSWERS, Concern, SafeAnswer
from coachwork.services.fitness.domain.safety.screen import screen

__all__ = ["SAFE_ANSWERS", "Concern", "SafeAnswer", "screen"]
