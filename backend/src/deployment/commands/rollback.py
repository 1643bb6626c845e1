"""`make rollback`: callers get the version before, or the one that is named."""

import json

from deployment.context import Context
from deployment.deployment_record import DeploymentRecord
from deployment.errors import NothingDeployed
from deployment.release.functions import Function, Live, functions_of, live, versions
from deployment.release.shift import Move, Shift
from deployment.verification import Verification

_NOT_UNDONE = (
    "What is not undone: migrations (they are compatible with the version before), and everything else Terraform "
    "applied: roles, tables, the gateway, secrets."
)


def rollback(context: Context, wanted: str) -> str:
    """Move callers back, and see that they are well there; return what to print.

    Args:
        context: what the command works with.
        wanted: a version, or as `{"fitness": 3}` one for each of several functions; the one before when empty.

    Raises:
        DeploymentError: there is no such version, or callers could not be moved or are not well there.
    """
    context.open_state()
    with context.steps.step("Looking") as note:
        outputs = context.stack.outputs()
        functions = functions_of(outputs)
        shift = Shift(context.account, outputs["codedeploy_application_name"])
        under_way = [move for move in (shift.under_way(function) for function in functions) if move]
        moves = [] if under_way else [_move(context, shift, one, _named(wanted, one)) for one in functions]
        moves = [move for move in moves if move.before != move.after]
        note(", ".join(str(move) for move in [*under_way, *moves]) or "callers are there already")
    with context.steps.step("Going back") as note:
        shift.take_back(under_way, note)  # a release that is on its way is what is taken back, and nothing else
        shift.watch([shift.start(move, at_once=True) for move in moves], note)
    record = DeploymentRecord(context.environment, context.account)
    record.write(**{**record.read(), "outcome": "taken back afterwards"})
    with context.steps.step("Smoke test through the API") as note:
        Verification(context, outputs["api_gateway_invoke_url"], outputs["routes"]).verify_live(note)
    now = ", ".join(f"{function.name} at {live(context.account, function)}" for function in functions)
    return f"\nCallers have {now}.\n{_NOT_UNDONE}\nThe next {context.command('deploy')} goes forward again."


def _named(wanted: str, function: Function) -> str:
    if not wanted.strip().startswith("{"):
        return wanted.strip()
    try:
        return str(json.loads(wanted).get(function.key, ""))
    except ValueError:
        raise NothingDeployed(f"VERSION={wanted} is neither a version nor an object of versions by function") from None


def _move(context: Context, shift: Shift, function: Function, wanted: str) -> Move:
    now = live(context.account, function)
    there = versions(context.account, function)
    if wanted and wanted not in there:
        raise NothingDeployed(f"{function.name} has no version {wanted}; it has {', '.join(there)}")
    before = wanted or _before(shift, function, now, there)
    return Move(function, now.version, before)


def _before(shift: Shift, function: Function, now: Live, there: list[str]) -> str:
    """Return what callers had before they were moved forward to what they have; else the version below it."""
    if found := shift.came_from(function, now.version):
        return found
    below = [version for version in there if int(version) < int(now.version)]
    if not below:
        raise NothingDeployed(f"{function.name} has no version before {now.version}: there is nothing to go back to")
    return below[-1]
