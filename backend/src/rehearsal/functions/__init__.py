"""A small Lambda: deployed functions, scaled over execution environments of AWS's own runtime client."""

from rehearsal.functions.configuration import (
    Alias,
    Asynchronous,
    CodeLocation,
    CodeLocations,
    DeployedFunction,
    Version,
)
from rehearsal.functions.errors import (
    FunctionsError,
    ImageUnavailable,
    InvalidRequestContent,
    RequestTooLarge,
    ResourceNotFound,
    RestoreFailed,
    RestoreTimedOut,
    RoleNotAssumable,
    TooManyRequests,
)
from rehearsal.functions.logs import FolderLogs
from rehearsal.functions.metrics import Metrics
from rehearsal.functions.port import Answer, DeadLetters, FailedEvent, Logs, Traces
from rehearsal.functions.service import LambdaService

__all__ = [
    "Alias",
    "Answer",
    "Asynchronous",
    "CodeLocation",
    "CodeLocations",
    "DeadLetters",
    "DeployedFunction",
    "FailedEvent",
    "FolderLogs",
    "FunctionsError",
    "ImageUnavailable",
    "InvalidRequestContent",
    "LambdaService",
    "Logs",
    "Metrics",
    "RequestTooLarge",
    "ResourceNotFound",
    "RestoreFailed",
    "RestoreTimedOut",
    "RoleNotAssumable",
    "TooManyRequests",
    "Traces",
    "Version",
]
