"""Tasks as asynchronous invocations: botocore against Lambda's Invoke API before the real runtime client."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from uuid import UUID, uuid4

import pytest
from botocore.session import Session, get_session

from coachwork.chassis.errors import TasksUnavailable
from coachwork.chassis.tasks import Invocation, Task
from coachwork.chassis.tasks.events import event_of, task_of
from coachwork.chassis.tasks.invocations import InvocationTasks
from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import GatewayServer, InvokeApi

ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach"
SOURCE = """
    import json
    def handler(event, context):
        with open("seen.jsonl", "a") as seen:
            seen.write(json.dumps([event, context.invoked_function_arn]) + "\\n")
"""
TASK = Task("tests.task", UUID(int=7))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LambdaService]:
    """Yield a Lambda whose function `coach` writes down what it is given."""
    (tmp_path / "entry.py").write_text(dedent(SOURCE))
    function = DeployedFunction("coach", {"1": Version("entry.handler", memory_mb=256)}, {"live": Alias("1")})
    with LambdaService(
        [function], CodeLocation(Path(sys.executable), tmp_path), FolderLogs(tmp_path / "logs")
    ) as started:
        yield started


@pytest.fixture
def session() -> Session:
    """Return keys that open nothing."""
    made = get_session()
    made.set_credentials("test", "test")
    return made


def refuse(_: Invocation) -> None:
    """Never be called: the event's handler does the task."""
    raise AssertionError


class TestStart:
    """Starting a task."""

    def test_invokes_the_alias_that_is_running(self, service: LambdaService, session: Session, tmp_path: Path) -> None:
        """The event holds the task's name and the id, and nothing else."""
        with GatewayServer(InvokeApi(service)) as server:
            InvocationTasks(session, server.url).start(TASK, Invocation(f"{ARN}:live"), refuse)
            service.settle()

        event = '{"coachwork": {"task": "tests.task", "subject_id": "00000000-0000-0000-0000-000000000007"}}'
        assert f'[{event}, "{ARN}:live"]\n' == (tmp_path / "seen.jsonl").read_text()

    def test_says_when_nobody_takes_it(self, service: LambdaService, session: Session) -> None:
        """A function that is not there, as one that may not be invoked, is a failure of ours."""
        with GatewayServer(InvokeApi(service)) as server, pytest.raises(TasksUnavailable):
            InvocationTasks(session, server.url).start(TASK, Invocation(f"{ARN}-other:live"), refuse)

    def test_says_when_lambda_is_not_there(self, session: Session) -> None:
        """As when the network is down."""
        with pytest.raises(TasksUnavailable):
            InvocationTasks(session, "http://127.0.0.1:9").start(TASK, Invocation(ARN), refuse)

    def test_needs_to_know_itself(self, session: Session) -> None:
        """Outside of Lambda there is nothing to invoke."""
        with pytest.raises(TasksUnavailable):
            InvocationTasks(session).start(TASK, Invocation(), refuse)


class TestEvents:
    """Tasks as JSON."""

    def test_come_back_as_they_were(self) -> None:
        """An event means the task it was made of."""
        task = Task("tests.task", uuid4())

        assert task == task_of(json.loads(event_of(task)))
