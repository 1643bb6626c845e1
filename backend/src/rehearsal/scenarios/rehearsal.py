"""The steps of a rehearsal, from an empty machine to a served deployment, and back to nothing."""

import shlex
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import IO, Any

from botocore.exceptions import ClientError

from deployment.progress import Progress
from deployment.terraform.events import progress_notes
from rehearsal.scenarios import permissions_doc
from rehearsal.scenarios.account import make_zone, records
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.image_content import ImageContent
from rehearsal.scenarios.images import Images, push, tags_of
from rehearsal.scenarios.leftovers import empty_buckets, empty_repositories, leftovers, unprotect_tables
from rehearsal.scenarios.scenario import GLANCE_SECONDS, Scenario
from rehearsal.scenarios.smoke_run import SmokeRun
from rehearsal.scenarios.stack import Deployer, Stack
from rehearsal.scenarios.statements import FOR_FAILURES, RolePolicies, Statement
from rehearsal.scenarios.target import Target
from rehearsal.scenarios.workspace import Workspace


class Rehearsal(Scenario):
    """One rehearsal, step by step."""

    def __init__(
        self, target: Target, workspace: Workspace, lock: IO[str], shell: Mapping[str, str], progress: Progress
    ) -> None:
        super().__init__(target, workspace, lock, shell, progress)
        self.stack: Stack
        self._smoke_run: SmokeRun

    @property
    def requests(self) -> int:
        """How many requests its smoke tests made."""
        return self._smoke_run.requests

    def shell_lines(self) -> list[str]:
        """Return what another terminal exports to work on the deployment: with Terraform, AWS's tools, a smoke test."""
        options = self._smoke_run.options
        smoke_test = {
            "SMOKE_ADMIN_EMAIL": options.admin_email,
            "SMOKE_ADMIN_PASSWORD": options.admin_password,
            "ORIGIN": options.origin,
            "API_URL": self.url,
        }
        exported = {**self.stack.shell_variables(self.dependencies.secret_values), **smoke_test}
        return [f"export {name}={shlex.quote(value)}" for name, value in sorted(exported.items())]

    def set_up(self) -> None:
        """Deploy, and serve what was deployed.

        Raises:
            RehearsalError: a step failed.
        """
        self._check_tools()
        self._start_aws()
        if self._target.zone:
            make_zone(self.session, self.aws_url, self._target.zone)
        deployer = Deployer(self.aws_url, self._target.region)
        self.stack = Stack(self._target, deployer, self._workspace.folder, self._children, self._shell)
        vendors = self._beside("Postgres, Chroma, Supabase Auth, OpenAI", self.dependencies.start_vendors)
        images = Images(self._workspace.images, {"AWS_ENDPOINT_URL": self.aws_url})
        task = self._beside("Image packages", images.lay_out)
        bootstrap = self._beside("State backend (bootstrap/)", self.stack.bootstrap)
        self._wait_for_state(bootstrap)
        with self._step("terraform init"):
            self.stack.init()
        self._wait(vendors), self._wait(task)
        push(self.session, self.aws_url, task.result(), *tags_of())
        self._apply(task.result())
        self._wait(bootstrap)
        self._open_server(images, str(self.stack.outputs()["api_gateway_invoke_url"]), self._target.port)
        self._smoke_run = SmokeRun(self._target, self.dependencies, self._server, self.session)

    def require_documented(self, *, writes: bool) -> None:
        """Return when docs/security.md says what was deployed, where it speaks of that; or write it.

        Raises:
            StepFailed: it says something else.
        """
        if permissions_doc.speaks_of(self._target):
            with self._step(permissions_doc.STEP) as note:
                permissions: Any = self.stack.outputs()["permissions"]
                note(permissions_doc.require_documented(self._target, permissions, writes=writes))

    def smoke_test(self) -> list[str]:
        """Run the smoke test, and the second plan beside it; return what there is to tell.

        Raises:
            StepFailed: a check failed, a role was denied something, or the second plan is not empty.
        """
        plan = self._beside("Second plan", self.stack.require_settled)
        with self._step("Smoke test") as note:
            note(self.require_well(note))
        told = self._smoke_run.told()
        self._wait(plan)
        return told

    def require_well(self, note: Callable[[str], None]) -> str:
        """Return in words how the deployment did at the smoke test; `note` is told how far it is.

        Raises:
            StepFailed: a check failed, or a role was denied something.
        """
        outcome = self._smoke_run.run(lambda check: note(check.name))
        return f"{len(outcome.checks)} checks, {outcome.requests} requests"

    def verify_statements(self, sids: Collection[str] = ()) -> None:
        """Take each permission away in turn, or each of those named, and see the smoke test fail for it.

        Of statements with several actions, each must be used.

        Raises:
            StepFailed: one was not missed: it is superfluous, or nothing here needs it.
        """
        policies = RolePolicies(self.session, self.aws_url)
        with self._step("Each permission is needed") as note:
            statements = [
                one for one in policies.statements() if (one.sid in sids if sids else one.sid not in FOR_FAILURES)
            ]
            idle = []
            for statement in statements:
                note(str(statement))
                if not self._is_missed(policies, statement):
                    idle.append(str(statement))
            self.require_well(note)  # with all of them: or else what failed was something else
            if not sids:
                idle += self._smoke_run.idle_actions()
            if idle:
                raise StepFailed("Each permission is needed", "nobody missed these:\n" + "\n".join(idle))
            note(f"{len(statements)} statements")

    def destroy(self) -> None:
        """Destroy everything, and look for what is left.

        Raises:
            StepFailed: something is.
        """
        self._server.close()
        with self._step("terraform destroy") as note:
            empty_buckets(self.session, self.aws_url, but=self._target.state_bucket)
            unprotect_tables(self.session, self.aws_url)
            self.stack.destroy(progress_notes(note))
        with self._step("Nothing left") as note:
            empty_buckets(self.session, self.aws_url)
            empty_repositories(self.session, self.aws_url)
            self.stack.destroy_bootstrap()
            left = leftovers(self.session, self.aws_url) + records(self.session, self.aws_url)
            if left:
                raise StepFailed("Looking for what is left", "\n".join(left))

    def _wait_for_state(self, bootstrap: "Future[None]") -> None:
        """Return once the bucket for state and the repository exist: what else bootstrap makes, nobody waits for."""
        s3 = self.session.client("s3", endpoint_url=self.aws_url)
        ecr = self.session.client("ecr", endpoint_url=self.aws_url)
        while not bootstrap.done():
            try:
                s3.get_bucket_versioning(Bucket=self._target.state_bucket)["Status"]
                if ecr.describe_repositories()["repositories"]:
                    return
            except (ClientError, KeyError):
                wait_for([bootstrap], GLANCE_SECONDS)
        bootstrap.result()

    def _apply(self, task: ImageContent) -> None:
        with self._step("terraform plan") as note:
            note(self.stack.plan(task.digest, self.dependencies.secret_values))
        with self._step("terraform apply") as note:
            self.stack.apply(progress_notes(note))

    def _is_missed(self, policies: RolePolicies, statement: Statement) -> bool:
        with policies.without(statement):
            return self._smoke_run.is_harmed()
