"""`make destroy`: says what will go, asks, and leaves nothing behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deployment.bootstrap import NOTE_KEY, STATE_KEY
from deployment.data import Data, data_of, delete_versions
from deployment.desk import Desk
from deployment.errors import Declined, NothingDeployed
from deployment.release.functions import functions_of
from deployment.release.shift import Shift
from deployment.terraform.watch import counting

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


def destroy(desk: Desk, options: Options, agreed: Callable[[str], None]) -> str:
    """Destroy the environment, once `agreed` to what it is told returns; return what to print.

    Raises:
        DeploymentError: nobody agreed, or a step failed: running it again goes on.
    """
    desk.open_state()
    with desk.steps.step("Looking") as note:
        state = desk.stack.state()
        data = data_of(desk.account, state)
        resources = sum(len(one.get("instances", ())) for one in state.get("resources", ()) if one["mode"] == "managed")
        others = _others(desk) if options.with_bootstrap else []
        if others:
            raise NothingDeployed(f"bootstrap stays while there are other environments: {', '.join(others)}")
        images = len(desk.repository.digests()) if options.with_bootstrap else 0
        note(f"{resources} resources")
    agreed(_what_goes(desk, resources, data, images if options.with_bootstrap else None))
    _stop_shifts(desk)
    with desk.steps.step("Emptying") as note:
        data.empty(note)
    with desk.steps.step("terraform destroy") as note:
        desk.stack.destroy(counting(note))
    with desk.steps.step("State") as note:
        note(f"{delete_versions(desk.account, desk.bootstrap.bucket, _folder(desk))} versions of it deleted")
    if options.with_bootstrap:
        _destroy_bootstrap(desk)
    return f"\n{desk.environment.folder} is gone."


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


def _what_goes(desk: Desk, resources: int, data: Data, images: int | None) -> str:
    lines = [f"This destroys {desk.environment.folder} in account {desk.account.id}, {desk.account.region}:"]
    lines += [
        f"  {resources} resources, with every secret, log, alarm and version",
        *(f"  {line}" for line in data.words),
    ]
    if images is not None:
        lines.append(f"  the repository with {images} images, and the bucket for state")
    lines.append("It does not touch what lies outside this account's Terraform: Postgres, the vector index, accounts.")
    return "\n".join(lines)


def _stop_shifts(desk: Desk) -> None:
    with desk.steps.step("Releases") as note:
        try:
            outputs: Mapping[str, Any] = desk.stack.outputs()
        except NothingDeployed:
            return
        shift = Shift(desk.account, outputs["codedeploy_application_name"])
        moves = [move for move in (shift.under_way(function) for function in functions_of(outputs)) if move]
        shift.take_back(moves, note)


def _destroy_bootstrap(desk: Desk) -> None:
    with desk.steps.step("Bootstrap") as note:
        program = desk.bootstrap.bring_home()
        desk.repository.empty()
        delete_versions(desk.account, desk.bootstrap.bucket, "")
        desk.bootstrap.destroy(program, counting(note))


def _folder(desk: Desk) -> str:
    return f"{desk.environment.state_key.rpartition('/')[0]}/"


def _others(desk: Desk) -> list[str]:
    """Return the state files of other environments that have resources in them."""
    found = []
    client, mine = desk.account.client("s3"), desk.environment.state_key
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=desk.bootstrap.bucket):
        for one in page.get("Contents", ()):
            if one["Key"] in {mine, STATE_KEY, NOTE_KEY} or not one["Key"].endswith(".tfstate"):
                continue
            text = client.get_object(Bucket=desk.bootstrap.bucket, Key=one["Key"])["Body"].read()
            if b'"instances"' in text:
                found.append(one["Key"].partition("/")[0])
    return found
