"""`make rollback`: callers get the version before, or the one that is named."""

import json
from collections.abc import Sequence

from deployment.account import Account
from deployment.context import Context
from deployment.deployment_record import DeploymentRecord
from deployment.errors import NothingDeployed
from deployment.release.functions import Function, Live, functions_of, live, versions
from deployment.release.traffic_shift import Move, TrafficShift
from deployment.verification import Verification

_NOT_UNDONE = (
    "What is not undone: migrations (they are compatible with the version before), and everything else Terraform "
    "applied: roles, tables, the gateway, secrets."
)


def rollback(context: Context, wanted: str) -> str:
    """Move callers back, and see that they are well there; return what to print.

    Args:
        context: what the command works with.
        wanted: a version of each function, or as `{"fitness": 3}` one for those that are to be moved; the one before
            when empty.

    Raises:
        DeploymentError: there is no such version, or callers could not be moved or are not well there.
    """
    context.open_state()
    with context.steps.step("Looking") as note:
        outputs = context.stack.outputs()
        functions = functions_of(outputs)
        shift = TrafficShift(context.account, outputs["codedeploy_application_name"])
        under_way = [move for move in (shift.under_way(function) for function in functions) if move]
        moves = [] if under_way else moves_to(wanted, context.account, shift, functions)
        note(", ".join(str(move) for move in [*under_way, *moves]) or "callers are there already")
    if not under_way and not moves:
        return f"\nCallers have {_now(context, functions)} already: nothing was changed."
    with context.steps.step("Going back") as note:
        shift.roll_back(under_way, note)  # a release that is on its way is what is taken back, and nothing else
        shift.watch([shift.start(move, at_once=True) for move in moves], note)
    record = DeploymentRecord(context.environment, context.account)
    record.write(**{**record.read(), "outcome": "taken back afterwards"})
    with context.steps.step("Smoke test through the API") as note:
        Verification(context, outputs["api_gateway_invoke_url"], outputs["routes"]).verify_live(note)
    now = _now(context, functions)
    return f"\nCallers have {now}.\n{_NOT_UNDONE}\nThe next {context.command('deploy')} goes forward again."


def moves_to(wanted: str, account: Account, shift: TrafficShift, functions: Sequence[Function]) -> list[Move]:
    """Return the moves that take callers back to the versions wanted; none where they are there already.

    Raises:
        NothingDeployed: there is no such version or function, or it is newer than what callers have.
    """
    named = _named(wanted, [function.key for function in functions])
    chosen = [function for function in functions if not named or function.key in named]
    moves = [_move(account, shift, function, named.get(function.key, "")) for function in chosen]
    return [move for move in moves if move.before != move.after]


def _now(context: Context, functions: Sequence[Function]) -> str:
    return ", ".join(f"{function.name} at {live(context.account, function)}" for function in functions)


def _named(wanted: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the version wanted of each function that is named; nothing where none is wanted in particular."""
    if not wanted.strip().startswith("{"):
        return dict.fromkeys(keys, wanted.strip()) if wanted.strip() else {}
    try:
        named = {key: str(version) for key, version in json.loads(wanted).items()}
    except ValueError:
        raise NothingDeployed(f"VERSION={wanted} is neither a version nor an object of versions by function") from None
    if unknown := sorted(set(named) - set(keys)):
        raise NothingDeployed(f"there is no function {', '.join(unknown)}; there are {', '.join(keys)}")
    return named


def _move(account: Account, shift: TrafficShift, function: Function, wanted: str) -> Move:
    now, there = live(account, function), versions(account, function)
    if wanted and wanted not in there:
        raise NothingDeployed(f"{function.name} has no version {wanted}; it has {', '.join(there)}")
    before = wanted or _before(shift, function, now, there)
    if int(before) > int(now.version):
        raise NothingDeployed(
            f"version {before} of {function.name} is newer than what callers have, {now.version}:"
            " make deploy goes forward, and tries it first"
        )
    return Move(function, now.version, before)


def _before(shift: TrafficShift, function: Function, now: Live, there: list[str]) -> str:
    """Return what callers had before they were moved forward to what they have; else the version below it."""
    if found := shift.came_from(function, now.version):
        return found
    below = [version for version in there if int(version) < int(now.version)]
    if not below:
        raise NothingDeployed(f"{function.name} has no version before {now.version}: there is nothing to go back to")
    return below[-1]
