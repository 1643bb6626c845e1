"""Work that outlives the call that asked for it: an asynchronous invocation under Lambda, a thread elsewhere."""

from coachwork.chassis.tasks.port import ArrivalHandler, Invocation, Task, TaskHandler, Tasks

__all__ = ["ArrivalHandler", "Invocation", "Task", "TaskHandler", "Tasks"]
