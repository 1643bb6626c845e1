"""Tasks as asynchronous invocations of the very function that asks for them."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from coachwork.chassis.aws import new_session
from coachwork.chassis.errors import TasksUnavailable
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.tasks.events import event_of
from coachwork.chassis.tasks.port import Invocation, Task

if TYPE_CHECKING:
    from botocore.session import Session

_PATIENCE = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


class InvocationTasks:
    """Hands tasks to Lambda's queue, which retries what fails and keeps what finds no free instance for a while.

    Args:
        session, endpoint_url: whose credentials, and where Lambda is; the environment's where none are given.
    """

    longest_wait_seconds = 300.0
    """The queue's `max_event_age_seconds`, as terraform/functions.tf sets it."""

    def __init__(self, session: "Session | None" = None, endpoint_url: str | None = None) -> None:
        self._session = session
        self._endpoint_url = endpoint_url
        self._lock = Lock()
        self._client: Any = None

    def prepare(self) -> None:
        """Read what Lambda's API is, which is most of making a client; the client waits to be told its region."""
        new_session().get_service_model("lambda")

    def start(
        self,
        task: Task,
        invocation: Invocation,
        run: Callable[[Invocation], None],  # noqa: ARG002  it is run from the event, elsewhere
    ) -> None:
        """Invoke the running function, by the name it was invoked by."""
        if invocation.function_arn is None:
            raise TasksUnavailable("This process was not invoked by Lambda, so it cannot invoke itself")
        try:
            self._made(invocation.function_arn).invoke(
                FunctionName=invocation.function_arn, InvocationType="Event", Payload=event_of(task)
            )
        except (BotoCoreError, ClientError) as error:
            # the error names the action and the role at most, and tells an operator which permission is missing
            logger.warning("task not handed over", task=task.name, cause=str(error))
            raise TasksUnavailable from error

    def _made(self, function_arn: str) -> Any:
        region = function_arn.split(":")[3]
        with self._lock:
            if self._client is None:
                session = self._session or new_session()
                self._client = session.create_client(
                    "lambda", region_name=region, endpoint_url=self._endpoint_url, config=_PATIENCE
                )
            return self._client
