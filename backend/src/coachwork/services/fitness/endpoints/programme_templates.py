"""Templates of programmes."""

from typing import Annotated

from fastapi import APIRouter, Path

from coachwork.chassis.errors import Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page, Printable
from coachwork.services.fitness.domain.programmes.errors import TemplateNotFound
from coachwork.services.fitness.domain.programmes.templates import template_of, templates
from coachwork.services.fitness.schemas.programmes import TemplateSchema

router = APIRouter(prefix="/api/v1/programme-templates", tags=["programmes"], responses=documented(Unauthenticated))

Slug = Annotated[str, Path(min_length=1, max_length=100, examples=["novice-full-body"]), Printable]


@router.get("", operation_id="list_programme_templates")
def get_templates(principal: CurrentPrincipal) -> Page[TemplateSchema]:  # noqa: ARG001  for signed-in callers
    """List the templates, the simplest first: all of them, on one page."""
    return Page(items=list(templates()))


@router.get("/{slug}", operation_id="read_programme_template", responses=documented(TemplateNotFound))
def get_template(principal: CurrentPrincipal, slug: Slug) -> TemplateSchema:  # noqa: ARG001  for signed-in callers
    """Read one template; `POST /api/v1/programmes` with its slug copies it."""
    found = template_of(slug)
    if found is None:
        raise TemplateNotFound
    return found
