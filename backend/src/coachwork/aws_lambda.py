"""Lambda entry points, nothing else."""

import gc

# Before anything else is imported: what start-up makes, stays, and looking through it again and again for garbage
# costs a tenth of a cold start and a seventh of the first chat. Together these make some 300,000 objects, and a turn
# later leaves a few dozen: a collector that begins above the former need rarely run for the latter.
gc.set_threshold(500_000, 20, 100)

from typing import Any

from mangum import Mangum
from mangum.handlers import ALB
from mangum.types import LambdaContext, LambdaEvent, Scope

from coachwork.chassis.errors import MalformedRequest
from coachwork.chassis.http.problems import MEDIA_TYPE, problem_response
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.observability.tracing import begin_invocation
from coachwork.chassis.settings import tracing_context
from coachwork.chassis.tasks.arrivals import is_arrival_event, run_arrivals
from coachwork.chassis.tasks.events import is_task_event
from coachwork.chassis.tasks.port import Invocation
from coachwork.chassis.tasks.running import run_event
from coachwork.main import after_restore, app_from_environment, before_snapshot


class _AddressedALB(ALB):
    """A load balancer appends the caller's address to what the caller claims: the last one is true."""

    @property
    def scope(self) -> Scope:
        scope = super().scope
        claimed, _ = scope["client"]
        return {**scope, "client": (claimed.rpartition(",")[2].strip(), 0)}


app = app_from_environment()

# Mangum enters the ASGI lifespan at every call, hence "off"; problem+json is text, or it would leave as base64.
_serve = Mangum(
    app,
    lifespan="off",
    text_mime_types=["text/", "application/json", MEDIA_TYPE, "image/svg+xml"],
    custom_handlers=[_AddressedALB],
)


if app.state.resources.settings.aws_lambda_initialization_type == "snap-start":
    from coachwork.chassis.snapshots import around_snapshot

    around_snapshot(lambda: before_snapshot(app), lambda: after_restore(app))


def handler(event: LambdaEvent, context: LambdaContext) -> dict[str, Any]:
    """Answer one event of API Gateway (REST or HTTP API), a function URL or a load balancer; or do what a task asks
    for, or the arrival of an object.
    """
    begin_invocation(*tracing_context())
    if is_task_event(event):
        return run_event(event, Invocation.of(context), app.state.resources, app.state.services)
    if is_arrival_event(event):
        return run_arrivals(event, Invocation.of(context), app.state.resources, app.state.services)
    try:
        return _serve(event, context)
    except ValueError as error:
        # The application lets no exception out: this is Mangum over a port that is no number, a body that is
        # not base64, a text that is not Unicode. Raised further, the caller's mistake would be a 502.
        logger.warning("unreadable event", request_id=context.aws_request_id, cause=type(error).__name__)
        return _refusal(context, MalformedRequest())
    except (AttributeError, LookupError, RuntimeError, TypeError):
        # Mangum over what is no request at all, such as a queue's message: it never will be one, so it must
        # not be tried again, as Lambda does with whatever raises.
        logger.error("unknown event: no request and no task", request_id=context.aws_request_id)
        return _refusal(context, MalformedRequest("The event is neither a request nor a task"))


def _refusal(context: LambdaContext, error: MalformedRequest) -> dict[str, Any]:
    problem = problem_response(context.aws_request_id, error)
    return {
        "statusCode": problem.status_code,
        "headers": {"content-type": MEDIA_TYPE, "x-request-id": context.aws_request_id},
        "body": bytes(problem.body).decode(),
        "isBase64Encoded": False,
    }
