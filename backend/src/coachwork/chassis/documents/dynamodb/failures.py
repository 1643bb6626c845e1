"""What goes wrong between us and DynamoDB, in our own words.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from coachwork.chassis.aws import new_session
from coachwork.chassis.documents.dynamodb.values import document_of
from coachwork.chassis.documents.port import NotAsExpected
from coachwork.chassis.errors import DocumentStoreUnavailable, DocumentTooLarge
from coachwork.chassis.observability.logs import logger

if TYPE_CHECKING:
    from botocore.session import Session

PATIENCE = Config(
    connect_timeout=1,
    read_timeout=3,
    # what is throttled waits up to 1 and up to 2 seconds before the second and the third attempt
    retries={"mode": "standard", "total_max_attempts": 3},
)
_UNMET = "ConditionalCheckFailed"
_BUSY = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
"""Why a part of a transaction was refused that may be accepted a moment later."""
_PASSING = {
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
}


def dynamodb_client(region: str, *, session: "Session | None" = None, endpoint_url: str | None = None) -> Any:
    """Return a client for `region`; address and credentials are the environment's where none are given."""
    made = session or new_session()
    with translated("CreateClient"):
        return made.create_client("dynamodb", region_name=region, endpoint_url=endpoint_url, config=PATIENCE)


@contextmanager
def translated(operation: str) -> Iterator[None]:
    """Raise our errors for the vendor's."""
    try:
        yield
    except ClientError as error:
        raise _ours(operation, error) from error
    except BotoCoreError as error:
        logger.warning("the document store does not answer", operation=operation, cause=type(error).__name__)
        raise DocumentStoreUnavailable from error


def is_busy(error: ClientError) -> bool:
    """Whether somebody else was writing the same, so the same request may succeed in a moment."""
    codes = {reason.get("Code") for reason in _reasons(error)}
    return _code(error) == "TransactionConflictException" or (bool(codes & _BUSY) and _UNMET not in codes)


def not_as_expected(error: ClientError) -> NotAsExpected | None:
    """Return which write found something else, if that is what the error says."""
    if _code(error) == "ConditionalCheckFailedException":
        return _refusal(0, error.response.get("Item"))
    for index, reason in enumerate(_reasons(error)):
        if reason.get("Code") == _UNMET:
            return _refusal(index, reason.get("Item"))
    return None


def was_retried(error: ClientError) -> bool:
    """Whether an earlier attempt's answer may have been lost."""
    return bool(error.response.get("ResponseMetadata", {}).get("RetryAttempts"))


def _refusal(index: int, found: Any) -> NotAsExpected:
    return NotAsExpected(index, document_of(found) if found else None)


def _ours(operation: str, error: ClientError) -> DocumentStoreUnavailable | DocumentTooLarge:
    """Return our error; a refusal is the deployment's fault and nobody's bad luck, so the log names the action."""
    code, refusals = _code(error), [_message(error), *(str(one.get("Message")) for one in _reasons(error))]
    if code in {"ValidationException", "TransactionCanceledException"} and any(map(_is_about_size, refusals)):
        return DocumentTooLarge()
    if code in _PASSING or _status(error) >= 500:
        logger.warning("the document store has no room for us", operation=operation, code=code)
    else:
        logger.error(
            "the document store refuses what the deployment should let us do",
            operation=f"dynamodb:{operation}",
            code=code,
        )
    return DocumentStoreUnavailable()


def _is_about_size(message: str) -> bool:
    return "size" in message and "exceeded" in message


def _reasons(error: ClientError) -> list[Any]:
    return list(error.response.get("CancellationReasons", []))


def _message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
