"""The steps of a rehearsal, from an empty machine to a served deployment, and back to nothing."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import IO, TypeVar

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.aws.process import LocalAwsError
from rehearsal.children import Children
from rehearsal.play.alongside import alongside
from rehearsal.play.choice import Choice
from rehearsal.play.errors import PortTaken, StepFailed
from rehearsal.play.evidence import explanations, logged, summary
from rehearsal.play.leftovers import empty_buckets, leftovers
from rehearsal.play.place import Place
from rehearsal.play.stack import Deployer, Stack
from rehearsal.play.stage import STEP as STAGE_STEP
from rehearsal.play.stage import Stage
from rehearsal.play.statements import RolePolicies, Statement
from rehearsal.play.surroundings import ADMIN_EMAIL, Surroundings
from rehearsal.play.task import Task, lay_out
from rehearsal.progress import Progress
from rehearsal.smoke import Options, Outcome, smoke
from rehearsal.terraform.program import TerraformUnusable, found_program

Result = TypeVar("Result")
_GLANCE_SECONDS = 0.2


class Rehearsal:
    """One rehearsal, step by step; `fall` ends whatever it started.

    Args:
        choice: what is rehearsed.
        place: where it keeps its things.
        lock: the place's, inherited by what must not outlive it.
        shell: the user's environment.
        progress: shows the steps.
    """

    def __init__(
        self, choice: Choice, place: Place, lock: IO[str], shell: Mapping[str, str], progress: Progress
    ) -> None:
        self._choice = choice
        self._place = place
        self._shell = shell
        self._progress = progress
        self._children = Children(keep_open=[lock.fileno()])
        self.surroundings = Surroundings(place, self._children, shell)
        self.stack: Stack
        self.session: boto3.Session
        self._stage: Stage
        self.requests = 0

    @property
    def url(self) -> str:
        """Where the deployed API answers."""
        return self._stage.url

    @property
    def functions(self) -> list[str]:
        """The names of the functions deployed."""
        return self._stage.functions

    def shell_lines(self) -> list[str]:
        """Return what another terminal exports to work on the deployment: with Terraform, AWS's tools, a smoke test."""
        options = self._options()
        smoke_test = {
            "SMOKE_ADMIN_EMAIL": options.admin_email,
            "SMOKE_ADMIN_PASSWORD": options.admin_password,
            "ORIGIN": options.origin,
        }
        exported = {**self.stack.shell_variables(self.surroundings.secret_values), **smoke_test}
        return [f"export {name}={shlex.quote(value)}" for name, value in sorted(exported.items())]

    @property
    def aws_url(self) -> str:
        """Where the local AWS answers."""
        return self.surroundings.aws.url

    def rise(self) -> None:
        """Deploy, and serve what was deployed.

        Raises:
            RehearsalError: a step failed.
        """
        self._check_tools()
        self._start_aws()
        vendors = self._beside("Postgres, Chroma, Supabase Auth, OpenAI", self.surroundings.start_vendors)
        task = self._beside("Image packages", lambda: lay_out(self._place.folder / "task"))
        bootstrap = self._beside("State backend (bootstrap/)", self.stack.bootstrap)
        self._wait_for_state(bootstrap)
        with self._step("terraform init"):
            self.stack.init()
        self._wait(vendors), self._wait(task)
        self._apply(task.result())
        self._wait(bootstrap)
        self._serve(task.result())

    def try_out(self) -> list[str]:
        """Run the smoke test, and the second plan beside it; return what there is to tell.

        Raises:
            StepFailed: a check failed, a role was denied something, or the second plan is not empty.
        """
        plan = self._beside("Second plan", self.stack.require_settled)
        with self._step("Smoke test") as note:
            self.surroundings.aws.forget_authorization()
            outcome = self.visit()
            self.requests += outcome.requests
            if failure := self._complaint(outcome):
                raise StepFailed("The smoke test", failure)
            note(f"{len(outcome.checks)} checks, {outcome.requests} requests")
        told = self._told()
        self._wait(plan)
        return told

    def visit(self) -> Outcome:
        """Return how the deployment does at the smoke test."""
        return smoke(self.url, self._options(), lambda check: self._progress.note("Smoke test", check.name))

    def _options(self) -> Options:
        settings = self._settings()
        return Options(
            admin_email=ADMIN_EMAIL,
            admin_password=self.surroundings.admin_password,
            origin=settings.get("CORS_ORIGINS", "").partition(",")[0],
            expects_docs=settings.get("ENVIRONMENT") != "production",
        )

    def prove_statements(self) -> None:
        """Take each permission away in turn, and see the smoke test fail for it.

        Raises:
            StepFailed: one was not missed: it is superfluous, or nothing here needs it.
        """
        policies = RolePolicies(self.session, self.aws_url)
        with self._step("Each permission is needed") as note:
            statements = policies.statements()
            idle = []
            for statement in statements:
                note(str(statement))
                if not self._is_missed(policies, statement):
                    idle.append(str(statement))
            if idle:
                raise StepFailed("Each permission is needed", "nobody missed these:\n" + "\n".join(idle))
            note(f"{len(statements)} statements")

    def destroy(self) -> None:
        """Destroy everything, and look for what is left.

        Raises:
            StepFailed: something is.
        """
        self._stage.close()
        with self._step("terraform destroy") as note:
            empty_buckets(self.session, self.aws_url, but=self._choice.state_bucket)
            self.stack.destroy(_counting(note))
        with self._step("Nothing left") as note:
            empty_buckets(self.session, self.aws_url)
            self.stack.destroy_bootstrap()
            if left := leftovers(self.session, self.aws_url):
                raise StepFailed("Looking for what is left", "\n".join(left))

    def check(self) -> None:
        """Return while the local AWS runs; raises `StepFailed` when it has ended."""
        aws = self.surroundings.aws
        if not aws.child.is_running:
            raise StepFailed("The local AWS", f"it ended:\n{aws.child.last_lines()}")

    def fall(self) -> None:
        """End everything it started."""
        if hasattr(self, "_stage"):
            self._stage.close()
        self.surroundings.stop()
        self._children.close()

    def _check_tools(self) -> None:
        with self._step("Tools") as note:
            _require_free(self._choice.port)
            try:
                note(found_program(self._shell))
            except TerraformUnusable as error:
                raise StepFailed("Looking for Terraform", str(error)) from error

    def _start_aws(self) -> None:
        with self._step("Local AWS") as note:
            try:
                self.surroundings.start_aws()
                self.surroundings.aws.wait()
            except LocalAwsError as error:
                raise StepFailed("The local AWS", str(error)) from error
            note(self.aws_url)
        deployer = Deployer(self.aws_url, self._choice.region)
        self.session = boto3.Session("deployer", "deployer", region_name=self._choice.region)
        self.stack = Stack(self._choice, deployer, self._place.folder, self._children, self._shell)

    def _wait_for_state(self, bootstrap: "Future[None]") -> None:
        """Return once the bucket for state and the repository exist: what else bootstrap makes, nobody waits for."""
        s3 = self.session.client("s3", endpoint_url=self.aws_url)
        ecr = self.session.client("ecr", endpoint_url=self.aws_url)
        while not bootstrap.done():
            try:
                s3.get_bucket_versioning(Bucket=self._choice.state_bucket)["Status"]
                if ecr.describe_repositories()["repositories"]:
                    return
            except (ClientError, KeyError):
                wait_for([bootstrap], _GLANCE_SECONDS)
        bootstrap.result()

    def _apply(self, task: Task) -> None:
        with self._step("terraform plan") as note:
            note(self.stack.plan(task.digest, self.surroundings.secret_values))
        with self._step("terraform apply") as note:
            self.stack.apply(_counting(note))

    def _serve(self, task: Task) -> None:
        with self._step(STAGE_STEP) as note:
            invoke_url = str(self.stack.outputs()["api_gateway_invoke_url"])
            aws = self.surroundings.aws
            self._stage = Stage(aws, self.session, task, invoke_url=invoke_url, port=self._choice.port)
            self._stage.open()
            note(self.url)

    def _is_missed(self, policies: RolePolicies, statement: Statement) -> bool:
        with policies.without(statement):
            self._stage.renew()
            self.surroundings.forget_failed_logins()
            self.surroundings.aws.forget_authorization()
            outcome = self.visit()
            self.requests += outcome.requests
            missed = bool(self._complaint(outcome))
        self._stage.renew()
        return missed

    def _complaint(self, outcome: Outcome) -> str:
        """Return what is wrong with how the deployment did; empty if nothing is."""
        self._stage.settle()
        denied = self.surroundings.aws.authorization()["denied"]
        if not outcome.failures and not denied:
            return ""
        words = [f"{check.name}: {check.failure}" for check in outcome.failures]
        words += [f"denied: {one}" for one in denied]
        return "\n".join([*words, *explanations(logged(self.session, self.aws_url))])

    def _told(self) -> list[str]:
        told = [summary(name, lines) for name, lines in logged(self.session, self.aws_url).items()]
        return told + [f"never used: {one}" for one in self.surroundings.aws.authorization()["unused"]]

    def _settings(self) -> Mapping[str, str]:
        """Return the environment the functions were deployed with; of several, the first's."""
        client = self.session.client("lambda", endpoint_url=self.aws_url)
        [first, *_] = client.list_functions()["Functions"]
        settings: Mapping[str, str] = first["Environment"]["Variables"]
        return settings

    def _beside(self, step: str, work: Callable[[], Result]) -> "Future[Result]":
        def run() -> Result:
            with self._step(step):
                return work()

        return alongside(run)

    def _wait(self, work: "Future[Result]") -> Result:
        while not work.done():
            self.check()
            wait_for([work], _GLANCE_SECONDS)
        return work.result()

    @contextmanager
    def _step(self, step: str) -> Iterator[Callable[[str], None]]:
        """Show a step; yields what notes how far it is."""
        last = [""]

        def note(words: str) -> None:
            last[0] = words
            self._progress.note(step, words)

        self._progress.begin(step)
        try:
            yield note
        except (BotoCoreError, ClientError) as error:
            raise StepFailed(step, f"the local AWS: {error}") from error
        self._progress.end(step, last[0])


def _counting(note: Callable[[str], None]) -> Callable[[int, int, str], None]:
    def hear(done: int, planned: int, at_work: str) -> None:
        note(f"{done} of {planned}{f', {at_work}' if at_work else ''}")

    return hear


def _require_free(port: int) -> None:
    with socket() as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"port {port} cannot be served on: {error.strerror}; leave PORT unset") from error
