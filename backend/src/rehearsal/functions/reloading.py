"""Functions that stay as they are deployed, whatever Terraform or an SDK changes."""

from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

import boto3

from rehearsal.aws.change_counts import count_changes
from rehearsal.functions.configuration import CodeLocations, DeployedFunction
from rehearsal.functions.deployed import read_functions
from rehearsal.functions.port import Logs
from rehearsal.functions.service import LambdaService


class ReloadingLambda(LambdaService):
    """Invokes the functions of a local AWS as they are deployed there at that moment.

    Before each invocation it asks whether anything was written to Lambda since the last; if so it reads the functions
    again. Environments whose configuration is what it was stay warm.

    Args:
        session: whose keys may read Lambda's configuration and assume the functions' roles.
        endpoint_url: where the local AWS answers.
        image_command: the handler of a function that leaves the image's CMD as it is.
        options: those of `LambdaService`.
    """

    def __init__(
        self,
        session: boto3.Session,
        endpoint_url: str,
        image_command: str,
        place: CodeLocations,
        logs: Logs,
        **options: Any,
    ) -> None:
        super().__init__([], place, logs, **options)
        self._session = session
        self._endpoint_url = endpoint_url
        self._image_command = image_command
        self._following = Lock()
        self._seen = -1

    def follow(self) -> Sequence[DeployedFunction]:
        """Take on what was deployed since the last time; return all functions.

        Raises:
            OSError: the local AWS does not answer.
            RoleNotAssumable: a function's role does not trust Lambda.
        """
        with self._following:
            count = count_changes(self._endpoint_url, ["lambda"])
            if count != self._seen:
                self.deploy_all(read_functions(self._session, self._endpoint_url, self._image_command))
                self._seen = count
            return list(self._functions.values())

    def _find(self, function: str, qualifier: str | None) -> tuple[DeployedFunction, str | None]:
        with suppress(OSError):  # an AWS that has gone changes nothing
            self.follow()
        return super()._find(function, qualifier)
