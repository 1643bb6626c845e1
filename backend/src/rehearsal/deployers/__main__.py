"""`python -m rehearsal.deployers`: deploy dev and prod to the local AWS as their roles, and try what these must not.

TERRAFORM_SOURCES says which Terraform. Status 0 when the roles suffice and no more, 1 when not.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from deployment.children import Children
from deployment.progress import Progress, progress, say
from deployment.terraform.events import error_diagnostics
from deployment.terraform.program import TerraformFailed, TerraformUnusable
from rehearsal.aws import LocalAws
from rehearsal.deployers.account import Account, variables
from rehearsal.deployers.refusals import done, escapes, losses, trespasses
from rehearsal.scenarios.errors import RehearsalError
from rehearsal.scenarios.target import Target, target_of

_OTHERS = {"dev": "prod", "prod": "dev"}
_UNLOCKED = ("-lock=false", "-refresh=false")


def main(environ: Mapping[str, str]) -> int:
    """Prove it; return the exit status."""
    try:
        with tempfile.TemporaryDirectory(prefix="coachwork-deployers-") as folder, Children() as children:
            aws = LocalAws.start(children, log=Path(folder) / "aws.log")
            aws.wait()
            sources = target_of(environ)
            account = Account(aws.url, sources.region, Path(folder), children, environ)
            with progress() as display:
                faults = _proven(account, sources, display)
    except (TerraformFailed, TerraformUnusable, RehearsalError) as error:
        faults = [error_diagnostics(str(error))]
    for fault in faults:
        say(sys.stderr, f"deployers: not refused, or failed: {fault}")
    if not faults:
        say(sys.stdout, "deployers: the roles suffice, and no more")
    return min(len(faults), 1)


def _proven(account: Account, sources: Target, display: Progress) -> list[str]:
    with _step(display, "bootstrap/"):
        made = account.bootstrap(sources.sources)
    roles = {stage: account.keys_of(arn) for stage, arn in made["deploy_role_arns"].items()}
    digests = account.push("coachwork", roles["dev"])
    prod = replace(sources, environment="prod", layout="per_service")
    dev = replace(sources, environment="dev", layout="single")
    faults = []
    for target in (prod, dev):
        faults += [f"{target.environment}: {one}" for one in _deployed(account, target, roles, digests, display)]
    with _step(display, "a pull request"):
        keys = account.keys_of(made["plan_role_arn"])
        faults += [f"a pull request: {one}" for one in _planned(account, prod, keys, digests)]
    with _step(display, "dev: destroy"):
        program = account.root(dev, "dev", roles["dev"])
        program.run("destroy", "-input=false", "-auto-approve", "-json", *variables(dev, 2, digests))
    return faults


def _deployed(
    account: Account,
    target: Target,
    roles: Mapping[str, Mapping[str, str]],
    digests: Mapping[int, str],
    display: Progress,
) -> list[str]:
    """Deploy two releases, and return what was not refused."""
    stage, bucket = target.environment, target.state_bucket
    keys = roles[stage]
    program = account.root(target, stage, keys)
    for release in (1, 2):
        with _step(display, f"{stage}: release {release}"):
            program.run("apply", "-input=false", "-auto-approve", "-json", *variables(target, release, digests))
    with _step(display, f"{stage}: second plan"):
        program.run("plan", "-input=false", "-detailed-exitcode", *variables(target, 2, digests))
    with _step(display, f"{stage}: what it must not do"):
        allowed = done(account, keys, escapes(stage, target.region, bucket))
        allowed += done(account, keys, trespasses(_OTHERS[stage], bucket))
        if stage == "prod":
            allowed += done(account, keys, losses(stage, target.region))
    return allowed


def _planned(account: Account, target: Target, keys: Mapping[str, str], digests: Mapping[int, str]) -> list[str]:
    """Plan as a pull request does, try to do more, and return what was not refused."""
    program = account.root(target, "pull-request", keys)
    given = variables(target, 1, digests)
    program.run("plan", "-input=false", *_UNLOCKED, *given)
    allowed = done(account, keys, trespasses(target.environment, target.state_bucket))
    allowed.remove("another's state")  # which it reads
    for what, command in (
        ("to apply", ("apply", "-input=false", "-auto-approve", *_UNLOCKED)),
        ("to look at what is deployed", ("plan", "-input=false", "-lock=false")),
    ):
        try:
            program.run(*command, *given)
        except TerraformFailed:
            continue
        allowed.append(what)
    return allowed


@contextmanager
def _step(display: Progress, name: str) -> Iterator[Callable[[str], None]]:
    display.begin(name)
    yield lambda words: display.note(name, words)
    display.end(name)


if __name__ == "__main__":
    sys.exit(main(os.environ))
