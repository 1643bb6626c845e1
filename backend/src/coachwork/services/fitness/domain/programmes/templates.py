"""Programmes as well-known styles of training have them, in our own words, for anybody to copy.

They ship with the code, not with the library's seeds: they change when the rules they use change, and are the same for
everybody. A test holds them to the library that ships.
"""

import json
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from coachwork.services.fitness.schemas.programmes import TemplateSchema

_FILE = Path(__file__).with_name("templates.json")


@cache
def templates() -> tuple[TemplateSchema, ...]:
    """Return every template, the simplest first."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(TypeAdapter(list[TemplateSchema]).validate_python(content))


def template_of(slug: str) -> TemplateSchema | None:
    """Return the template with this slug, or None."""
    return next((template for template in templates() if template.slug == slug), None)
