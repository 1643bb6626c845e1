"""`make deploy`: from the checkout, or from an image that is there, to callers, in steps that can be run again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployment.configuration.store import Store
from deployment.configuration.validation import require_complete
from deployment.context import Context
from deployment.deployment_record import DeploymentRecord
from deployment.errors import DeploymentError, EnvironmentUnknown, ReleaseFailed
from deployment.migrations import STEP as MIGRATIONS
from deployment.migrations import migrate, newest
from deployment.publish import published
from deployment.release.functions import Function, functions_of, live
from deployment.release.traffic_shift import STEP as SHIFTING
from deployment.release.traffic_shift import Move, TrafficShift
from deployment.terraform.events import progress_notes
from deployment.verification import Verification

_DIGEST = re.compile(r"(?:.*@)?(sha256:[0-9a-f]{64})")


@dataclass(frozen=True)
class Options:
    """How to deploy.

    Args:
        image: the digest of an image of the repository; the checkout's when empty.
        migrates: whether the database is brought up to date; somebody else does it when not.
    """

    image: str = ""
    migrates: bool = True


def options_of(image: str, *, migrates: bool) -> Options:
    """Return the options; raises `EnvironmentUnknown` for an image that is not named by digest."""
    found = _DIGEST.fullmatch(image.strip()) if image.strip() else None
    if image.strip() and found is None:
        raise EnvironmentUnknown(f"IMAGE={image} is no digest: wants sha256: and 64 hexadecimal digits")
    return Options(found[1] if found else "", migrates)


def deploy(context: Context, options: Options) -> str:
    """Deploy, and give callers the new version once it has proved itself; return what to print.

    Raises:
        DeploymentError: a step failed; callers have what they had, unless the message says otherwise.
    """
    with context.steps.step("Configuration"):
        values = Store(context.environment, context.account).read()
        require_complete(context.environment, values, context.shell)
    context.ensure_bootstrap()
    digest = _image(context, options)
    _apply(context, digest)
    outputs = context.stack.outputs()
    migrated = _migrate(context, options, values)
    record, facts = DeploymentRecord(context.environment, context.account), {"digest": digest, "migration": migrated}
    record.write(**facts, outcome="begun, and not ended")
    try:
        words = _release(context, outputs)
    except DeploymentError as error:
        record.write_failure(error, **facts)
        raise
    record.write(**facts, outcome="callers have it")
    return _invitation(context, outputs, words)


def _image(context: Context, options: Options) -> str:
    if not options.image:
        return published(context)
    with context.steps.step("Image") as note:
        context.repository.require(options.image)
        note(f"{options.image[:19]} is in the repository")
    return options.image


def _apply(context: Context, digest: str) -> None:
    with context.steps.step("terraform init"):
        context.stack.init()
    context.store_unsaved_state()
    with context.steps.step("terraform plan") as note:
        state = context.stack.state()
        context.stack.keep_unfinished(state)
        plan = context.stack.plan(digest, context.stack.values_version(state))
        note(plan.words)
    if plan.is_empty:
        return
    with context.steps.step("terraform apply") as note:
        context.stack.apply(plan, progress_notes(note))
        note(plan.words)


def _migrate(context: Context, options: Options, values: Mapping[str, str]) -> str:
    if not options.migrates:
        return ""
    with context.steps.step(MIGRATIONS) as note:
        migrate(context.environment, values, context.shell, note)
    return newest()


def _release(context: Context, outputs: Mapping[str, Any]) -> str:
    """Give callers the versions published last; return in words what they have."""
    functions = functions_of(outputs)
    verification = Verification(context, outputs["api_gateway_invoke_url"], outputs["routes"])
    shift = TrafficShift(context.account, outputs["codedeploy_application_name"])
    moves = _moves(context, shift, functions)
    if moves:
        _prove(context, verification, functions)
        moves = _shift(context, shift, moves)
    with context.steps.step("Smoke test through the API") as note:
        try:
            verification.verify_live(note)
        except ReleaseFailed as failed:
            raise _after_the_shift(context, shift, moves, failed) from failed
    return ", ".join(str(move) for move in moves) or "callers have the newest version already"


def _moves(context: Context, shift: TrafficShift, functions: list[Function]) -> list[Move]:
    """Return what is to be moved, with what is on its way there already."""
    moves = []
    for function in functions:
        under_way = shift.under_way(function)
        if under_way and under_way.after != function.version:
            raise ReleaseFailed(
                f"another release is under way: {under_way}, deployment {under_way.deployment}.\n"
                f"Wait for its end ({context.command('status')}), or take it back: {context.command('rollback')}"
            )
        now = live(context.account, function)
        if under_way:
            moves.append(under_way)
        elif now.version != function.version:
            moves.append(Move(function, now.version, function.version))
    return moves


def _prove(context: Context, verification: Verification, functions: list[Function]) -> None:
    with context.steps.step("Smoke test of the new version") as note:
        try:
            verification.verify_versions(functions, note)
        except ReleaseFailed as failed:
            raise ReleaseFailed(
                f"the new version is not well, and no caller got it:\n{failed}\nIts logs: {context.command('logs')}"
            ) from failed


def _shift(context: Context, shift: TrafficShift, moves: list[Move]) -> list[Move]:
    """Move callers; return the moves as CodeDeploy knows them."""
    begun: list[Move] = []
    with context.steps.step(SHIFTING) as note:
        try:
            for move in moves:
                begun.append(move if move.deployment else shift.start(move))
            shift.watch(begun, note)
        except ReleaseFailed as failed:
            if not begun:
                raise
            shift.roll_back(begun, note)
            was = ", ".join(f"{move.function.name} {move.before}" for move in moves)
            raise ReleaseFailed(f"callers are back where they were ({was}):\n{failed}") from failed
    return begun


def _after_the_shift(context: Context, shift: TrafficShift, moves: list[Move], failed: ReleaseFailed) -> ReleaseFailed:
    """Go back after a smoke test that failed with callers on the new version; return what to say."""
    if not moves:
        return ReleaseFailed(f"what callers have is not well, and there is nothing new to take back:\n{failed}")
    with context.steps.step("Going back") as note:
        shift.roll_back(moves, note)
    was = ", ".join(f"{move.function.name} {move.before}" for move in moves)
    return ReleaseFailed(f"callers had the new version for a while, and are back ({was}):\n{failed}")


def _invitation(context: Context, outputs: Mapping[str, Any], words: str) -> str:
    url = context.shell.get("API_URL", "").strip() or outputs["api_gateway_invoke_url"]
    account = '{"email":"me@example.com","password":"correct horse battery"}'
    lines = (
        f"curl -s {url}/api/v1/health/; echo",
        f"curl -s {url}/api/v1/users/register -H 'content-type: application/json' -d '{account}'; echo",
        context.command("status"),
        context.command("logs", "ARGS=--follow"),
    )
    shown = "\n".join(f"  {line}" for line in lines)
    return f"\n{context.environment.folder} is deployed: {words}.\n\n  {url}\n\n{shown}"
