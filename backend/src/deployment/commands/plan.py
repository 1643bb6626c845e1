"""`make plan`: what a deployment would change, shown or written for a pull request; nothing is changed or locked."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from deployment.commands.deploy import Options
from deployment.context import Context
from deployment.deployment_record import DeploymentRecord
from deployment.environment import NO_IMAGE
from deployment.migrations import newest
from deployment.progress import say
from deployment.publish import wanted_tag
from deployment.stack import Plan

_LONGEST = 60_000
"""Characters: GitHub takes comments of 65,536."""
_CHANGE = re.compile(r"^(\s*)([-+~]|-/\+|\+/-)(\s)", re.MULTILINE)


@dataclass(frozen=True)
class Outlook:
    """A plan, the image it is for, and what else a deployment would do."""

    environment: str
    plan: Plan
    digest: str
    notes: tuple[str, ...]


def plan(context: Context, options: Options, *, refreshes: bool = True) -> Outlook:
    """Return what a deployment would change; without refreshing, against the state alone.

    A role that may read no secret, as pull requests have it, cannot refresh.
    """
    with context.steps.step("Image") as note:
        digest, words = _image(context, options)
        note(words)
    context.open_state()
    with context.steps.step("terraform plan") as note:
        found = context.stack.plan(digest or NO_IMAGE, context.stack.values_version(), locks=False, refreshes=refreshes)
        note(found.words)
    notes = [words]
    last = DeploymentRecord(context.environment, context.account).read().get("migration", "")
    if last and last < newest():
        notes.append(f"migrations after {last} would be applied, up to {newest()}")
    return Outlook(context.environment.folder, found, digest, tuple(notes))


def show(outlook: Outlook) -> None:
    """Print it."""
    say(sys.stdout, f"\n{outlook.plan.text}\n" if not outlook.plan.is_empty else "")
    for note in outlook.notes:
        say(sys.stdout, f"{outlook.environment}: {note}")
    say(sys.stdout, f"{outlook.environment}: {outlook.plan.words}")


def write_markdown(outlook: Outlook, file: Path) -> None:
    """Write it as a comment on a pull request."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = outlook.plan.text
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}\n... and {len(text) - _LONGEST} characters more"
    lines = [f"### {outlook.environment}: {outlook.plan.words}", "", *(f"- {note}" for note in outlook.notes), ""]
    if not outlook.plan.is_empty:
        # a diff's colours want their signs at the beginning of the line
        diff = _CHANGE.sub(lambda found: f"{found[2][0].replace('~', '!')}{found[1]}{found[2]}{found[3]}", text)
        fence = "`" * 4  # what a plan shows may itself hold three
        lines += ["<details><summary>The whole plan</summary>", "", f"{fence}diff", diff, fence, "", "</details>", ""]
    file.write_text("\n".join(lines))


def _image(context: Context, options: Options) -> tuple[str, str]:
    if options.image:
        return options.image, f"image {options.image}"
    tag = wanted_tag(context)
    if context.bootstrap.applied() is None:
        return "", f"image {tag} would be built: there is no repository yet"
    digest = context.repository.digest_of(tag)
    return (
        digest,
        f"image {tag}, {digest}" if digest else f"image {tag} would be built (the zeros stand for its digest)",
    )
