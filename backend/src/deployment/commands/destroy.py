"""`make destroy`: says what will go, asks, and leaves nothing behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deployment.bootstrap import NOTE_KEY, STATE_KEY
from deployment.context import Context
from deployment.errors import Declined, NothingDeployed
from deployment.release.functions import functions_of
from deployment.release.traffic_shift import TrafficShift
from deployment.stored_data import StoredData, delete_versions, stored_data_of
from deployment.terraform.events import progress_notes
from deployment.terraform.program import Terraform

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Options:
    """What was said beforehand.

    Args:
        yes: the environment's name, from a machine that nobody can ask.
        with_bootstrap: whether the repository of images and the bucket for state go as well.
    """

    yes: str = ""
    with_bootstrap: bool = False


def destroy(context: Context, options: Options, agreed: Callable[[str], None]) -> str:
    """Destroy the environment, once `agreed` to what it is told returns; return what to print.

    Raises:
        DeploymentError: nobody agreed, or a step failed: running it again goes on.
    """
    with context.steps.step("Looking for its state"):
        begun = context.bootstrap.state_on_disk() if options.with_bootstrap else None
        is_left = context.bootstrap.is_left()
    if begun:  # the rest is gone: this came last
        agreed(f"This destroys what is left in account {context.account.id}: the repository, and the bucket for state.")
        return _destroy_bootstrap(context, begun)
    adopted = f"{context.command('bootstrap')}, then this again, takes what an earlier run has left"
    context.open_state(adopted if is_left else "there is nothing to destroy")
    context.store_unsaved_state()
    with context.steps.step("Looking") as note:
        state = context.stack.state()
        data = stored_data_of(context.account, state)
        resources = sum(len(one.get("instances", ())) for one in state.get("resources", ()) if one["mode"] == "managed")
        others = _others(context) if options.with_bootstrap else []
        if others:
            raise NothingDeployed(f"bootstrap stays while there are other environments: {', '.join(others)}")
        images = len(context.repository.digests()) if options.with_bootstrap else 0
        note(f"{resources} resources")
    agreed(_what_goes(context, resources, data, images if options.with_bootstrap else None))
    _stop_shifts(context)
    with context.steps.step("Emptying") as note:
        data.empty(note)
    with context.steps.step("terraform destroy") as note:
        context.stack.destroy(progress_notes(note))
    with context.steps.step("State") as note:
        note(f"{delete_versions(context.account, context.bootstrap.bucket, _folder(context))} versions of it deleted")
    if options.with_bootstrap:
        return _destroy_bootstrap(context)
    return f"\n{context.environment.folder} is gone."


def agreement(environment: str, *, is_production: bool, yes: str, ask: Ask) -> Callable[[str], None]:
    """Return what tells the user what will go, and returns when they have typed the environment's name.

    In production they type a second sentence. A machine says YES=name beforehand (name-and-its-data in production).
    """
    second = f"{environment}-and-its-data"

    def agreed(words: str) -> None:
        if yes:
            wanted = second if is_production else environment
            if yes != wanted:
                raise Declined(f"YES={yes} is not {wanted}: nothing was destroyed")
            return
        try:
            if ask(f"{words}\n\nType {environment} to destroy it: ").strip() != environment:
                raise Declined("nothing was destroyed")
            if is_production and ask(f"This is production. Type {second}: ").strip() != second:
                raise Declined("nothing was destroyed")
        except EOFError:
            raise Declined(f"nobody answers; a machine says YES={second if is_production else environment}") from None

    return agreed


def _what_goes(context: Context, resources: int, data: StoredData, images: int | None) -> str:
    lines = [f"This destroys {context.environment.folder} in account {context.account.id}, {context.account.region}:"]
    lines += [
        f"  {resources} resources, with every secret, log, alarm and version",
        *(f"  {line}" for line in data.words),
    ]
    if images is not None:
        lines.append(f"  the repository with {images} images, and the bucket for state")
    lines.append("It does not touch what lies outside this account's Terraform: Postgres, the vector index, accounts.")
    return "\n".join(lines)


def _stop_shifts(context: Context) -> None:
    with context.steps.step("Releases") as note:
        try:
            outputs: Mapping[str, Any] = context.stack.outputs()
        except NothingDeployed:
            return
        shift = TrafficShift(context.account, outputs["codedeploy_application_name"])
        moves = [move for move in (shift.under_way(function) for function in functions_of(outputs)) if move]
        shift.roll_back(moves, note)


def _destroy_bootstrap(context: Context, begun: Terraform | None = None) -> str:
    with context.steps.step("Bootstrap") as note:
        program = begun or context.bootstrap.move_state_to_disk()
        context.repository.empty()
        delete_versions(context.account, context.bootstrap.bucket, "")
        context.bootstrap.destroy(program, progress_notes(note))
    return f"\n{context.environment.folder} is gone, and all that was made for it."


def _folder(context: Context) -> str:
    return f"{context.environment.state_key.rpartition('/')[0]}/"


def _others(context: Context) -> list[str]:
    """Return the state files of other environments that have resources in them."""
    found = []
    client, mine = context.account.client("s3"), context.environment.state_key
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=context.bootstrap.bucket):
        for one in page.get("Contents", ()):
            if one["Key"] in {mine, STATE_KEY, NOTE_KEY} or not one["Key"].endswith(".tfstate"):
                continue
            text = client.get_object(Bucket=context.bootstrap.bucket, Key=one["Key"])["Body"].read()
            if b'"instances"' in text:
                found.append(one["Key"].partition("/")[0])
    return found
