"""Work that outlives the call that asked for it: an asynchronous invocation under Lambda, a thread elsewhere."""

from coachwork.chassis.tasks.port import Invocation, Task, TaskHandler, Tasks

__all__ = ["Invocation", "Task", "TaskHandler", "Tasks"]
