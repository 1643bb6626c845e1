"""An API that stays as it is deployed, whatever Terraform or an SDK changes."""

import json
from contextlib import suppress
from threading import Lock

import boto3
from botocore.exceptions import ClientError

from rehearsal.aws.change_counts import count_changes
from rehearsal.functions import Logs, Metrics
from rehearsal.gateway.deployed import UnsupportedApi, read_apis
from rehearsal.gateway.gateway import Backend, Gateway
from rehearsal.gateway.message import Request, Response

_SERVICES = ("apigateway", "lambda")  # Lambda says who may call a function


class ReloadingGateway:
    """Answers requests to the one API of a local AWS as it is deployed there at that moment.

    Args:
        session: whose keys may read API Gateway's configuration, and Lambda's permissions.
        endpoint_url: where the local AWS answers.
        logs: receives the access logs its stages ask for; none are written when None.
        metrics: is told of every request; nobody when None.
    """

    def __init__(
        self,
        session: boto3.Session,
        endpoint_url: str,
        backend: Backend,
        *,
        logs: Logs | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._session = session
        self._endpoint_url = endpoint_url
        self._backend = backend
        self._logs = logs
        self._metrics = metrics
        self._lock = Lock()
        self._seen = -1
        self._gateway: Gateway | None = None

    def handle(self, request: Request) -> Response:
        """Return the API's answer, or the gateway's own."""
        try:
            gateway = self.follow()
        except UnsupportedApi as error:
            return _words(500, str(error))
        return gateway.handle(request) if gateway else _words(403, "Forbidden")

    def refuse_body(self, request: Request) -> Response:
        """Return the answer to a body over the limit, which need not have been read."""
        gateway = self._gateway
        return gateway.refuse_body(request) if gateway else _words(403, "Forbidden")

    def follow(self) -> Gateway | None:
        """Take on what was deployed since the last time; return what answers now, None where no API is left.

        Raises:
            UnsupportedApi: what was deployed cannot be served here.
        """
        with self._lock:
            # an AWS that has gone changes nothing; what changes while it is read is read again the next time
            with suppress(OSError, ClientError):
                count = count_changes(self._endpoint_url, _SERVICES)
                if count != self._seen:
                    self._take_on()
                    self._seen = count
            return self._gateway

    def _take_on(self) -> None:
        apis = read_apis(self._session, self._endpoint_url)
        if len(apis) > 1:
            raise UnsupportedApi(f"{len(apis)} APIs are deployed; one is served here")
        if not apis:
            self._gateway = None
        elif self._gateway is None or self._gateway.api != apis[0]:
            self._gateway = Gateway(apis[0], self._backend, logs=self._logs, metrics=self._metrics)


def _words(status: int, message: str) -> Response:
    return Response(status, [("Content-Type", "application/json")], json.dumps({"message": message}).encode())
