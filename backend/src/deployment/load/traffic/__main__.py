"""`python -m deployment.load.traffic` reads a job from its first line, and writes a line of JSON for each request.

It ends when its time is over, or when its standard input is closed: begun requests are waited for.
"""

import locust  # isort: skip  first, for it patches what everything after it imports

import os
import sys
from time import monotonic

import gevent
from gevent.event import Event
from gevent.os import tp_read
from locust.env import Environment
from locust.runners import LocalRunner

from deployment.load.plan import Job
from deployment.load.traffic.request_log import RequestLog
from deployment.load.traffic.user import RunState, user_class

_BEAT_SECONDS = 0.5
_GRACE_SECONDS = 5.0


def main() -> int:
    """Send what the job says; return 0."""
    job = Job.read(sys.stdin.readline())
    plan = job.plan
    request_log = RequestLog(sys.stdout)
    run_state = RunState(job, request_log)
    environment = Environment(user_classes=[user_class(run_state)], host=plan.url)
    environment.events.request.add_listener(request_log.on_request)  # type: ignore[no-untyped-call]  # Locust's
    runner = environment.create_local_runner()
    gevent.spawn(_watch_input, run_state.over)
    runner.start(plan.users, spawn_rate=plan.users / max(plan.ramp_seconds, 0.1))
    _beat(runner, request_log, run_state.over, monotonic() + plan.seconds)
    run_state.over.set()
    if runner.spawning_greenlet:
        runner.spawning_greenlet.kill()
    runner.user_greenlets.join(timeout=plan.timeout_seconds + _GRACE_SECONDS)
    runner.quit()
    request_log.end()
    return 0


def _beat(runner: LocalRunner, request_log: RequestLog, over: Event, until: float) -> None:
    """Tell now and then how many users there are, until the time is over or somebody says so."""
    while (left := until - monotonic()) > 0:
        request_log.beat(runner.user_count)
        if over.wait(min(left, _BEAT_SECONDS)):
            return


def _watch_input(over: Event) -> None:
    """End the run when whoever ordered it is gone."""
    while tp_read(sys.stdin.fileno(), 1024):
        pass
    over.set()


if __name__ == "__main__":
    assert locust.__version__  # noqa: S101  it is imported for what it patches
    sys.stdout.flush()
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the thread that reads standard input would be waited for
