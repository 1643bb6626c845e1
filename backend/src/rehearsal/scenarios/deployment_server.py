"""The deployed functions, running: Lambda over AWS's runtime client, and API Gateway before it."""

from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import boto3

from rehearsal.aws import LocalAws
from rehearsal.functions import RoleNotAssumable
from rehearsal.functions.deliveries import AwsDeadLetters, CloudWatchLogs, XRay
from rehearsal.functions.metrics import CloudWatch
from rehearsal.functions.reloading import ReloadingLambda
from rehearsal.gateway import GatewayServer
from rehearsal.gateway.deployed import UnsupportedApi
from rehearsal.gateway.invoke_api import InvokeApi
from rehearsal.gateway.reloading import ReloadingGateway
from rehearsal.scenarios.errors import PortTaken, StepFailed
from rehearsal.scenarios.images import Images

STEP = "Functions and gateway"


class DeploymentServer:
    """What was deployed, answering on this machine; a context manager.

    Args:
        aws: where it was deployed.
        session: the deployer's keys.
        images: what the functions run, by the digest they were deployed with.
        invoke_url: the address AWS gave the API, of which the stage's name is kept.
        port: where it is to answer; 0 is any that is free.
        work: where the functions' environments keep what they need for a moment.
    """

    def __init__(
        self, aws: LocalAws, session: boto3.Session, images: Images, *, invoke_url: str, port: int, work: Path
    ) -> None:
        self._aws = aws
        self._session = session
        self._images = images
        self._stack = ExitStack()
        self._path = urlsplit(invoke_url).path.rstrip("/")
        self._port = port
        self._work = work
        self._service: ReloadingLambda
        self.url = ""

    def open(self) -> None:
        """Read back what was deployed, and serve it.

        Raises:
            PortTaken: the port is another's.
            StepFailed: something was deployed that cannot be played here.
        """
        aws_url, session = self._aws.url, self._session
        logs, metrics = CloudWatchLogs(session, aws_url), CloudWatch(session, aws_url)
        self._service = self._stack.enter_context(
            ReloadingLambda(
                session,
                aws_url,
                "",
                self._images,
                logs,
                dead_letters=AwsDeadLetters(session, aws_url),
                traces=XRay(session, aws_url),
                metrics=metrics,
                work=self._work,
            )
        )
        try:
            self._service.follow()
            gateway = ReloadingGateway(session, aws_url, self._service, logs=logs, metrics=metrics)
        except (UnsupportedApi, RoleNotAssumable) as error:
            raise StepFailed(STEP, str(error)) from error
        invocations = self._stack.enter_context(GatewayServer(InvokeApi(self._service)))
        self._aws.invoke_through(invocations.url)
        try:
            server = GatewayServer(gateway, self._port)
        except OSError as error:
            raise PortTaken(f"port {self._port} cannot be served on: {error.strerror}") from error
        self._stack.enter_context(server)
        self.url = f"{server.url}{self._path}"

    @property
    def functions(self) -> list[str]:
        """The names of the functions deployed."""
        return [function.name for function in self._service.follow()]

    def renew(self) -> None:
        """Start every environment anew with its next event, as on AWS after a while."""
        functions = self._service.follow()
        self._service.deploy_all(())
        self._service.deploy_all(functions)

    def settle(self) -> None:
        """Return when everything the functions set going in the background is done."""
        self._service.settle()

    def abandon(self) -> None:
        """Return when what runs in the background is done; what waits to be tried again is dropped."""
        self._service.abandon()

    def close(self) -> None:
        """End every environment and the gateway."""
        self._stack.close()
