"""The deployed environment: its state, its functions, and what Lambda reported of their invocations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deployment.account import Account, account_of, credentials_problem
from deployment.children import Children
from deployment.environment import Environment
from deployment.errors import NothingDeployed, StepFailed
from deployment.stack import Stack, work_folder
from deployment.terraform.program import TerraformFailed
from deployment.tune.reports import Report, reports

_MOST_LINES = 20_000
_PATTERN = '"REPORT RequestId"'


@dataclass(frozen=True)
class Function:
    """A deployed function: its short name, and its name, memory and log group at AWS."""

    name: str
    function_name: str
    memory_mb: int
    log_group_name: str


@dataclass(frozen=True)
class Deployed:
    """What is deployed, as the account's state has it; `url` is where it is called."""

    account: Account
    url: str
    state: Mapping[str, Any]
    functions: tuple[Function, ...]

    def reports(self, function: Function, days: int) -> list[Report]:
        """Return what was reported of a function's invocations in the last days, twenty thousand at most.

        Raises:
            StepFailed: CloudWatch did not say.
        """
        since = datetime.now(UTC) - timedelta(days=days)
        pages = self.account.client("logs").get_paginator("filter_log_events")
        try:
            found = pages.paginate(
                logGroupName=function.log_group_name,
                filterPattern=_PATTERN,
                startTime=int(since.timestamp() * 1000),
                PaginationConfig={"MaxItems": _MOST_LINES},
            )
            return list(reports(event["message"] for page in found for event in page["events"]))
        except (BotoCoreError, ClientError) as error:
            raise credentials_problem(error) or StepFailed("Reading logs", str(error)) from error


def deployed(environment: Environment, environ: Mapping[str, str]) -> Deployed:
    """Return what is deployed of an environment.

    Raises:
        CredentialsUnusable: nobody may look.
        NothingDeployed: there is nothing.
        TerraformUnusable: there is nothing to read the state with.
    """
    account = account_of(environment, environ)
    with Children() as children:
        stack = Stack(environment, account, work_folder(environment, environ), children, environ)
        try:
            stack.init()
        except TerraformFailed as failed:
            raise NothingDeployed(f"{environment.folder} has no state that could be read: {failed}") from failed
        outputs, state = stack.outputs(), stack.state()
    functions = tuple(
        Function(name, one["function_name"], int(one["memory_mb"]), one["log_group_name"])
        for name, one in sorted(outputs["functions"].items())
    )
    return Deployed(account, str(outputs["api_gateway_invoke_url"]), state, functions)
