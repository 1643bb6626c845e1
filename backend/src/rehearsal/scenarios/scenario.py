"""What every scenario has: a local AWS, what lies around it, and visible steps; `tear_down` ends what it started."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import IO, Any, TypeVar

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deployment.children import Children
from deployment.progress import Progress
from deployment.terraform.program import TerraformUnusable, found_program
from rehearsal.aws.process import LocalAwsError
from rehearsal.scenarios.dependencies import Dependencies
from rehearsal.scenarios.deployment_server import STEP as SERVER_STEP
from rehearsal.scenarios.deployment_server import DeploymentServer
from rehearsal.scenarios.errors import PortTaken, StepFailed
from rehearsal.scenarios.images import Images
from rehearsal.scenarios.target import Target
from rehearsal.scenarios.threads import in_daemon_thread
from rehearsal.scenarios.workspace import Workspace

Result = TypeVar("Result")
GLANCE_SECONDS = 0.2
"""How often something is looked at that is waited for."""


class Scenario:
    """A local AWS and what lies around it.

    Args:
        target: what is rehearsed.
        workspace: where it keeps its things.
        lock: the workspace's, inherited by what must not outlive it.
        shell: the user's environment.
        progress: shows the steps.
    """

    def __init__(
        self, target: Target, workspace: Workspace, lock: IO[str], shell: Mapping[str, str], progress: Progress
    ) -> None:
        self._target = target
        self._workspace = workspace
        self._shell = workspace.with_temporary(shell)
        self._progress = progress
        self._children = Children(keep_open=[lock.fileno()])
        self.dependencies = Dependencies(workspace, self._children, self._shell)
        self.session: boto3.Session
        self._server: DeploymentServer
        self._at_work: list[Future[Any]] = []

    @property
    def aws_url(self) -> str:
        """Where the local AWS answers."""
        return self.dependencies.aws.url

    @property
    def url(self) -> str:
        """Where the deployed API answers."""
        return self._server.url

    @property
    def functions(self) -> list[str]:
        """The names of the functions deployed."""
        return self._server.functions

    def check(self) -> None:
        """Return while the local AWS runs; raises `StepFailed` when it has ended."""
        aws = self.dependencies.aws
        if not aws.child.is_running:
            raise StepFailed("The local AWS", f"it ended:\n{aws.child.last_lines()}")

    def tear_down(self) -> None:
        """End everything it started."""
        if hasattr(self, "_server"):
            self._server.close()
        self.dependencies.stop()
        self._children.close()
        wait_for(self._at_work)  # it ends with the programs it waits for
        self.dependencies.stop()  # what was started meanwhile

    def _check_tools(self) -> None:
        with self._step("Tools") as note:
            _require_free(self._target.port)
            try:
                note(found_program(self._shell))
            except TerraformUnusable as error:
                raise StepFailed("Looking for Terraform", str(error)) from error

    def _start_aws(self) -> None:
        with self._step("Local AWS") as note:
            try:
                self.dependencies.start_aws(self._target.minute_seconds)
                self.dependencies.aws.wait()
            except LocalAwsError as error:
                raise StepFailed("The local AWS", str(error)) from error
            note(self.aws_url)
        self.session = boto3.Session("deployer", "deployer", region_name=self._target.region)

    def _open_server(self, images: Images, invoke_url: str, port: int) -> None:
        with self._step(SERVER_STEP) as note:
            aws, work = self.dependencies.aws, self._workspace.temporary
            self._server = DeploymentServer(aws, self.session, images, invoke_url=invoke_url, port=port, work=work)
            self._server.open()
            note(self.url)

    def _beside(self, step: str, work: Callable[[], Result]) -> "Future[Result]":
        def run() -> Result:
            with self._step(step):
                return work()

        self._at_work.append(in_daemon_thread(run))
        return self._at_work[-1]

    def _wait(self, work: "Future[Result]") -> Result:
        while not work.done():
            self.check()
            wait_for([work], GLANCE_SECONDS)
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
