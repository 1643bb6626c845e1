"""What S3 tells when objects arrive: an event of one or more records, each handed to the service that waits for it.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from coachwork.chassis.errors import CallerError, CoachworkError, MalformedRequest
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.tasks.port import ArrivalHandler, Invocation

if TYPE_CHECKING:
    from coachwork.chassis.http.services import Service
    from coachwork.chassis.resources import Resources


def is_arrival_event(event: Any) -> bool:
    """Whether an event is S3's rather than a request; cheap, for every request is asked."""
    match event:
        case {"Records": [{"eventSource": "aws:s3"}, *_]}:
            return True
        case {"Service": "Amazon S3", "Event": "s3:TestEvent"}:  # a notification was set up
            return True
    return False


def run_arrivals(
    event: Mapping[str, Any], invocation: Invocation, resources: "Resources", services: "Sequence[Service]"
) -> dict[str, int]:
    """Do what each record calls for; return how many came to what.

    A record that nobody waits for, or that never can be done, is logged and dropped: S3's word is not trusted.

    Raises:
        CoachworkError: a part was down for one of them, after the others were done; Lambda tries the event again.
    """
    counts = {"done": 0, "refused": 0, "failed": 0}
    failures: list[CoachworkError] = []
    for record in event.get("Records", []):
        started, outcome = perf_counter(), "done"
        try:
            _arrive(record, invocation, resources, services)
        except CallerError as refusal:
            outcome = "refused"
            logger.error("arrival refused", problem=refusal.slug, reason=refusal.detail)
        except CoachworkError as failure:
            outcome = "failed"
            logger.warning("arrival failed", problem=failure.slug)
            failures.append(failure)
        counts[outcome] += 1
        logger.info("arrival", outcome=outcome, duration_ms=round((perf_counter() - started) * 1000, 2))
    if failures:
        raise failures[0]
    return counts


def _arrive(record: Any, invocation: Invocation, resources: "Resources", services: "Sequence[Service]") -> None:
    match record:
        case {
            "eventSource": "aws:s3",
            "eventName": str(name),
            "s3": {"bucket": {"name": str(bucket)}, "object": {"key": str(key)}},
        } if name.startswith("ObjectCreated:"):
            _handler(bucket, resources, services)(resources, unquote_plus(key), invocation)
        case _:
            raise MalformedRequest("The record tells of no object that arrived")


def _handler(bucket: str, resources: "Resources", services: "Sequence[Service]") -> ArrivalHandler:
    for purpose, name in resources.settings.bucket_names.items():
        for service in services if name == bucket else ():
            if load := service.arrivals.get(purpose):
                return load()
    raise MalformedRequest("Nobody waits for what arrives in this bucket")
