"""Tasks as events."""

import json
from uuid import uuid4

import pytest

from coachwork.chassis.errors import MalformedRequest
from coachwork.chassis.tasks import Task
from coachwork.chassis.tasks.events import event_of, is_task_event, task_of


class TestEventOf:
    """There and back."""

    @pytest.mark.parametrize("task", [Task("tests.task", uuid4()), Task("tests.task", uuid4(), uuid4())])
    def test_means_the_task(self, task: Task) -> None:
        """With an owner and without."""
        event = json.loads(event_of(task))
        assert (True, task) == (is_task_event(event), task_of(event))


class TestTaskOf:
    """Reading what arrives."""

    @pytest.mark.parametrize("owner_id", [5, "x", ["x"], {"id": str(uuid4())}])
    def test_refuses_an_owner_that_is_none(self, owner_id: object) -> None:
        """Nobody's task is done in somebody's name."""
        with pytest.raises(MalformedRequest):
            task_of({"coachwork": {"task": "tests.task", "subject_id": str(uuid4()), "owner_id": owner_id}})
