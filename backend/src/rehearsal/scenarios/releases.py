"""A deployment's whole life, by the tool that deploys: each release with users at work.

From nothing to v1; v2 by canary; v3, which fails its smoke test before anybody gets it; v4, which passes that and fails
its callers, so that alarms take it back; back to v1 by hand; and to nothing. Bootstrap, secrets and the end are an
engineer's; all else is done with the role that GitHub's jobs take, and the plan with that of pull requests.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.deployers.account import Account
from rehearsal.deployers.refusals import done, escapes, losses, trespasses
from rehearsal.scenarios.dependencies import ADMIN_EMAIL
from rehearsal.scenarios.deployment_cli import DeploymentCli
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.image_content import BACKEND
from rehearsal.scenarios.images import Images, push
from rehearsal.scenarios.leftovers import leftovers
from rehearsal.scenarios.scenario import Scenario
from rehearsal.scenarios.stack import Deployer, kept

_USERS, _PAUSE_SECONDS = 5, 0.35
"""Some ten requests a second: the gateway lets 25 through, and the smoke test comes beside them."""
_STAGE_PATH = "/production"
_REPOSITORY = "example/coachwork"
_ENTRY = Path("src") / "coachwork" / "aws_lambda.py"
_FAULT = '''

_serving = handler


def handler(event: LambdaEvent, context: LambdaContext) -> dict[str, Any]:
    """Answer, unless the path is one of those this release broke."""
    if event.get("httpMethod") == "GET" and str(event.get("path", "")).rstrip("/") in {broken}:
        raise RuntimeError("this release is broken")
    return _serving(event, context)
'''


@dataclass(frozen=True)
class Release:
    """A release: its name, what of it is broken, how its deployment ends if it must not succeed, and what is told."""

    name: str
    broken: tuple[str, ...] = ()
    refused: str = ""
    told: tuple[str, ...] = ()

    def sources(self, folder: Path) -> Path:
        """Return a copy of what the image is made of, changed as this release is."""
        copy = folder / self.name
        shutil.copytree(BACKEND / "src" / "coachwork", copy / "src" / "coachwork")
        for name in ("Dockerfile", "requirements-image.lock"):
            shutil.copy(BACKEND / name, copy)
        entry = copy / _ENTRY
        changed = _FAULT.format(broken=set(self.broken)) if self.broken else f"\n# {self.name}\n"
        entry.write_text(entry.read_text() + changed)
        return copy


FIRST = Release("v1")
GOOD = Release(
    "v2",
    told=(
        *("Smoke test of the new version: done", "Shifting callers: done", "Smoke test through the API: done"),
        " 1 -> 2",
    ),
)
UNWELL = Release("v3", ("/api/v1/profile",), "no caller got it")
HARMFUL = Release("v4", ("/api/v1/exercises", "/api/v1/workouts-db/logs"), "callers are back where they were")


class Releases(Scenario):
    """The life of one deployment."""

    _cli: DeploymentCli
    _digests: Mapping[str, str]
    _deployer: Mapping[str, str]
    _planner: Mapping[str, str]

    def set_up(self) -> None:
        """Start everything around the deployment, and an empty stage for it.

        Raises:
            RehearsalError: a step failed.
        """
        self._check_tools()
        self._start_aws()
        vendors = self._beside("Postgres, Chroma, Supabase Auth, OpenAI", self.dependencies.start_vendors)
        images = Images(self._workspace.images, {"AWS_ENDPOINT_URL": self.aws_url})
        with self._step("Images of four releases"):
            folder = self._workspace.folder / "releases"
            tasks = {one.name: images.lay_out(one.sources(folder)) for one in (FIRST, GOOD, UNWELL, HARMFUL)}
        self._wait(vendors)
        self._open_server(images, _STAGE_PATH, self._target.port)
        self._cli = DeploymentCli(self._environment(), self._workspace.log("").parent, self._children)
        self._succeed("bootstrap", variables={"GITHUB_REPOSITORY": _REPOSITORY})
        for name, task in tasks.items():
            push(self.session, self.aws_url, task, name)
        self._digests = {name: task.digest for name, task in tasks.items()}
        values = {**self.dependencies.secret_values, "MIGRATION_DATABASE_URL": self.dependencies.owner_url}
        self._succeed("config", "--stdin", given=json.dumps(values))
        region = self._target.region
        self._deployer = self._keys_of(f"coachwork-deploy-{self._target.stage}-{region}")
        self._planner = self._keys_of(f"coachwork-plan-{region}")

    def live(self) -> list[str]:
        """Release after release, with users at work; return what there is to tell.

        Raises:
            StepFailed: something was not as expected.
        """
        self._release(FIRST)
        self._require_callers_get("1")
        self._require_refusals()
        with self._cli.load(self.url, users=_USERS, pause_seconds=_PAUSE_SECONDS) as load:
            self._release(GOOD)
            self._require_callers_get("2")
            self._succeed("status", told=("callers   version 2", self._digests[GOOD.name]), variables=self._deployer)
            self._release(UNWELL)
            self._require_callers_get("2")
            unwell = ("callers   version 2", "version 3 is published and no caller has it")
            self._succeed("status", told=unwell, variables=self._deployer)
            unharmed = load.stop()
        _require_failures_of(unharmed, None)
        with self._cli.load(self.url, users=_USERS, pause_seconds=_PAUSE_SECONDS) as load:
            self._release(HARMFUL)
            self._require_callers_get("2")
            harmed = load.stop()
        _require_failures_of(harmed, HARMFUL)
        self._succeed("rollback", told=(" at version 1", "migrations"), variables=self._deployer)
        self._require_callers_get("1")
        self._succeed("status", told=("callers   version 1",), variables=self._deployer)
        self._succeed("plan", "--without-refresh", variables=self._planner)
        return [
            f"a canary, and a release that failed its smoke test: {_words(unharmed)}",
            f"a release that failed its callers, and was taken back by alarms: {_words(harmed)}",
        ]

    def destroy(self) -> None:
        """Destroy everything by the tool, and look for what is left.

        Raises:
            StepFailed: something is.
        """
        self._server.close()
        sure = self._target.environment + ("-and-its-data" if self._target.is_production else "")
        self._succeed("destroy", variables={"YES": sure, "BOOTSTRAP": "1"})
        with self._step("Nothing left"):
            if left := leftovers(self.session, self.aws_url):
                raise StepFailed("Looking for what is left", "\n".join(left))

    def _environment(self) -> dict[str, str]:
        """Return what an engineer's shell has."""
        return {
            **kept(self._shell),
            **Deployer(self.aws_url, self._target.region).environment(),
            "API_URL": self.url,
            "DEPLOYMENT_STATE": str(self._workspace.folder / "deployment"),
            "ENV": self._target.environment,
            "LAYOUT": self._target.layout,
            "SMOKE_ADMIN_EMAIL": ADMIN_EMAIL,
            "SMOKE_ADMIN_PASSWORD": self.dependencies.admin_password,
            "TERRAFORM_SOURCES": str(self._target.sources),
        }

    def _keys_of(self, role: str) -> dict[str, str]:
        """Return the keys of a session of a role that GitHub's jobs take; the local AWS holds it to its policy."""
        sts = self.session.client("sts", endpoint_url=self.aws_url)
        account = sts.get_caller_identity()["Account"]
        arn = f"arn:aws:iam::{account}:role/{role}"
        given = sts.assume_role(RoleArn=arn, RoleSessionName="job")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }

    def _succeed(
        self,
        verb: str,
        *arguments: str,
        given: str = "",
        told: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        with self._step(f"make {verb}") as note:
            status, said = self._cli.run(verb, *arguments, note=note, given=given, variables=variables)
            if status:
                raise StepFailed(f"make {verb}", f"status {status}:\n{said}")
            _require_told(f"make {verb}", said, told)
            note("")

    def _release(self, release: Release) -> None:
        """Deploy a release, which succeeds or is refused as it must be."""
        step = f"make deploy, {release.name}{', to be refused' if release.refused else ''}"
        with self._step(step) as note:
            self.dependencies.forget_failed_logins()
            variables = {**self._deployer, "IMAGE": self._digests[release.name]}
            status, said = self._cli.run("deploy", note=note, variables=variables)
            if bool(status) is not bool(release.refused) or release.refused not in said:
                raise StepFailed(step, f"status {status}:\n{said}")
            _require_told(step, said, release.told)
            note(release.refused)

    def _require_refusals(self) -> None:
        """Return when the roles of GitHub's jobs were refused what they must not do, now that there is something."""
        target, other = self._target, "dev" if self._target.is_production else "prod"
        account = Account(self.aws_url, target.region, self._workspace.folder, self._children, self._shell)
        with self._step("What jobs must not do"):
            allowed = done(account, self._deployer, escapes(target.stage, target.region, target.state_bucket))
            allowed += done(account, self._deployer, trespasses(other, target.state_bucket))
            if target.is_production:
                allowed += done(account, self._deployer, losses(target.stage, target.region))
            allowed += done(account, self._planner, escapes(target.stage, target.region, target.state_bucket))
            if allowed:
                raise StepFailed("What jobs must not do", f"not refused: {', '.join(allowed)}")

    def _require_callers_get(self, version: str) -> None:
        """Return when the alias of every function is at this version, and at no other beside it."""
        client = self.session.client("lambda", endpoint_url=self.aws_url)
        for name in self.functions:
            alias = client.get_alias(FunctionName=name, Name="live")
            weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
            if alias["FunctionVersion"] != version or weights:
                also = f" and {weights}" if weights else ""
                raise StepFailed("What callers get", f"{name} is at {alias['FunctionVersion']}{also}, not at {version}")


def _require_told(step: str, said: str, told: Sequence[str]) -> None:
    """Return when a command said all of these words, in this order."""
    rest = said
    for words in told:
        _, found, rest = rest.partition(words)
        if not found:
            raise StepFailed(step, f"it does not tell {words!r}, or not in its place:\n{said}")


def _require_failures_of(result: Mapping[str, Any], release: Release | None) -> None:
    """Return when what failed is what this release broke, and something did; without one, when nothing failed."""
    broken = {f"GET {path}" for path in release.broken} if release else set()
    failed = {failure["name"] for failure in result["failures"]}
    if not failed <= broken or bool(failed) is not bool(broken) or result["unfinished"]:
        raise StepFailed("Users at work", f"{_words(result)}:\n{json.dumps(result['failures'], indent=2)}")


def _words(result: Mapping[str, Any]) -> str:
    rate = result["requests_per_second"]
    return f"{result['failed']} of {result['requests']} requests failed ({rate:.0f} a second)"
