"""`make unlock` and `make bootstrap`: what seldom has to be done by hand."""

from collections.abc import Mapping

from deployment.context import Context
from deployment.errors import NothingDeployed, StateLocked
from deployment.terraform.events import progress_notes


def unlock(context: Context, lock_id: str) -> str:
    """Take away the lock with this id; return what to print.

    Bootstrap may hold one before it has come to its end for the first time.

    Raises:
        NothingDeployed: there is no state.
        StateLocked: no id was given: the message says who holds which lock.
    """
    with context.steps.step("Locks"):
        if not context.bootstrap.is_left():
            raise NothingDeployed(f"nothing is deployed to account {context.account.id}")
        held = [lock for lock in (context.stack.lock(), context.bootstrap.lock()) if lock]
    if not held:
        return f"\n{context.environment.folder}: nobody holds its lock"
    if not lock_id:
        raise StateLocked("\n".join(_holder(context, lock) for lock in held))
    if lock_id == context.bootstrap.lock().get("ID"):
        context.bootstrap.unlock()
    else:
        context.open_state()
        with context.steps.step("Lock") as note:
            context.stack.unlock(lock_id)
            note(lock_id)
    return f"\n{context.environment.folder}: unlocked"


def bootstrap(context: Context) -> str:
    """Apply bootstrap, whether it seems to be needed or not; return what to print."""
    with context.steps.step("Bootstrap") as note:
        note(context.bootstrap.apply(progress_notes(note)))
    roles = "".join(f"\n  {variable} = {arn}" for variable, arn in context.bootstrap.roles.items())
    told = f"\nGitHub's jobs:{roles}" if roles else ""
    return f"\nState lies in {context.bootstrap.bucket}, images in {context.repository.uri}{told}"


def _holder(context: Context, lock: Mapping[str, str]) -> str:
    return (
        f"{lock.get('Who', 'somebody')} holds it since {lock.get('Created', 'an unknown time')}"
        f" ({lock.get('Operation', 'unknown operation')}).\nIf that run is no more: "
        + context.command("unlock", f"LOCK={lock.get('ID', '')}")
    )
