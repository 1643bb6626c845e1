"""`make rollback`: callers get the version before, or the one that is named."""

import json

from deployment.desk import Desk
from deployment.errors import NothingDeployed
from deployment.record import Record
from deployment.release.functions import Function, Live, functions_of, live, versions
from deployment.release.shift import Move, Shift
from deployment.trial import Trial

_NOT_UNDONE = (
    "What is not undone: migrations (they are compatible with the version before), and everything else Terraform "
    "applied: roles, tables, the gateway, secrets."
)


def rollback(desk: Desk, wanted: str) -> str:
    """Move callers back, and see that they are well there; return what to print.

    Args:
        desk: the work at hand.
        wanted: a version, or as `{"fitness": 3}` one for each of several functions; the one before when empty.

    Raises:
        DeploymentError: there is no such version, or callers could not be moved or are not well there.
    """
    desk.open_state()
    with desk.steps.step("Looking") as note:
        outputs = desk.stack.outputs()
        functions = functions_of(outputs)
        shift = Shift(desk.account, outputs["codedeploy_application_name"])
        under_way = [move for move in (shift.under_way(function) for function in functions) if move]
        moves = [] if under_way else [_move(desk, shift, one, _named(wanted, one)) for one in functions]
        moves = [move for move in moves if move.before != move.after]
        note(", ".join(str(move) for move in [*under_way, *moves]) or "callers are there already")
    with desk.steps.step("Going back") as note:
        shift.take_back(under_way, note)  # a release that is on its way is what is taken back, and nothing else
        shift.watch([shift.start(move, at_once=True) for move in moves], note)
    record = Record(desk.environment, desk.account)
    record.write(**{**record.read(), "outcome": "taken back afterwards"})
    with desk.steps.step("Smoke test through the API") as note:
        Trial(desk, outputs["api_gateway_invoke_url"], outputs["routes"]).of_callers(note)
    now = ", ".join(f"{function.name} at {live(desk.account, function)}" for function in functions)
    return f"\nCallers have {now}.\n{_NOT_UNDONE}\nThe next {desk.command('deploy')} goes forward again."


def _named(wanted: str, function: Function) -> str:
    if not wanted.strip().startswith("{"):
        return wanted.strip()
    try:
        return str(json.loads(wanted).get(function.key, ""))
    except ValueError:
        raise NothingDeployed(f"VERSION={wanted} is neither a version nor an object of versions by function") from None


def _move(desk: Desk, shift: Shift, function: Function, wanted: str) -> Move:
    now = live(desk.account, function)
    there = versions(desk.account, function)
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
