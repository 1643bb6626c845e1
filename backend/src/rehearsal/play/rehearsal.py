"""The steps of a rehearsal, from an empty machine to a served deployment, and back to nothing."""

import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import IO, TypeVar

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deployment.children import Children
from deployment.progress import Progress
from deployment.terraform.program import TerraformUnusable, found_program
from deployment.terraform.watch import counting
from rehearsal.aws.process import LocalAwsError
from rehearsal.play.alongside import alongside
from rehearsal.play.choice import Choice
from rehearsal.play.errors import PortTaken, StepFailed
from rehearsal.play.images import Images, push
from rehearsal.play.leftovers import empty_buckets, empty_repositories, leftovers, unprotect_tables
from rehearsal.play.place import Place
from rehearsal.play.stack import Deployer, Stack
from rehearsal.play.stage import STEP as STAGE_STEP
from rehearsal.play.stage import Stage
from rehearsal.play.statements import RolePolicies, Statement
from rehearsal.play.surroundings import Surroundings
from rehearsal.play.task import Task
from rehearsal.play.trial import Trial

Result = TypeVar("Result")
_GLANCE_SECONDS = 0.2
_FIRST_TAG = "rehearsed"


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
        self._shell = place.with_temporary(shell)
        self._progress = progress
        self._children = Children(keep_open=[lock.fileno()])
        self.surroundings = Surroundings(place, self._children, self._shell)
        self.stack: Stack
        self.session: boto3.Session
        self._stage: Stage
        self._trial: Trial

    @property
    def url(self) -> str:
        """Where the deployed API answers."""
        return self._stage.url

    @property
    def functions(self) -> list[str]:
        """The names of the functions deployed."""
        return self._stage.functions

    @property
    def requests(self) -> int:
        """How many requests its smoke tests made."""
        return self._trial.requests

    def shell_lines(self) -> list[str]:
        """Return what another terminal exports to work on the deployment: with Terraform, AWS's tools, a smoke test."""
        options = self._trial.options
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
        images = Images(self._place.images, {"AWS_ENDPOINT_URL": self.aws_url})
        task = self._beside("Image packages", images.lay_out)
        bootstrap = self._beside("State backend (bootstrap/)", self.stack.bootstrap)
        self._wait_for_state(bootstrap)
        with self._step("terraform init"):
            self.stack.init()
        self._wait(vendors), self._wait(task)
        push(self.session, self.aws_url, task.result(), _FIRST_TAG)
        self._apply(task.result())
        self._wait(bootstrap)
        self._serve(images)

    def try_out(self) -> list[str]:
        """Run the smoke test, and the second plan beside it; return what there is to tell.

        Raises:
            StepFailed: a check failed, a role was denied something, or the second plan is not empty.
        """
        plan = self._beside("Second plan", self.stack.require_settled)
        with self._step("Smoke test") as note:
            note(self.require_well(note))
        told = self._trial.told()
        self._wait(plan)
        return told

    def require_well(self, note: Callable[[str], None]) -> str:
        """Return in words how the deployment did at the smoke test; `note` is told how far it is.

        Raises:
            StepFailed: a check failed, or a role was denied something.
        """
        outcome = self._trial.run(lambda check: note(check.name))
        return f"{len(outcome.checks)} checks, {outcome.requests} requests"

    def prove_statements(self, sids: Collection[str] = ()) -> None:
        """Take each permission away in turn, or each of those named, and see the smoke test fail for it.

        Of statements with several actions, each must be used.

        Raises:
            StepFailed: one was not missed: it is superfluous, or nothing here needs it.
        """
        policies = RolePolicies(self.session, self.aws_url)
        with self._step("Each permission is needed") as note:
            statements = [one for one in policies.statements() if not sids or one.sid in sids]
            idle = []
            for statement in statements:
                note(str(statement))
                if not self._is_missed(policies, statement):
                    idle.append(str(statement))
            self.require_well(note)  # with all of them: or else what failed was something else
            if not sids:
                idle += self._trial.idle_actions()
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
            unprotect_tables(self.session, self.aws_url)
            self.stack.destroy(counting(note))
        with self._step("Nothing left") as note:
            empty_buckets(self.session, self.aws_url)
            empty_repositories(self.session, self.aws_url)
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
                self.surroundings.start_aws(self._choice.minute_seconds)
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
            self.stack.apply(counting(note))

    def _serve(self, images: Images) -> None:
        with self._step(STAGE_STEP) as note:
            invoke_url = str(self.stack.outputs()["api_gateway_invoke_url"])
            aws = self.surroundings.aws
            self._stage = Stage(
                aws,
                self.session,
                images,
                invoke_url=invoke_url,
                port=self._choice.port,
                work=self._place.temporary,
            )
            self._stage.open()
            self._trial = Trial(self._choice, self.surroundings, self._stage, self.session)
            note(self.url)

    def _is_missed(self, policies: RolePolicies, statement: Statement) -> bool:
        with policies.without(statement):
            return self._trial.is_harmed()

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


def _require_free(port: int) -> None:
    with socket() as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"port {port} cannot be served on: {error.strerror}; leave PORT unset") from error
