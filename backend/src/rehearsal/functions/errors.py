"""What Lambda refuses, each with the status and the type its API answers with.

FunctionsError
├── ImageUnavailable       400  the version's image is not there
├── InvalidRequestContent  400  the event is not JSON
├── RoleNotAssumable       400  the function's role does not trust Lambda
├── RestoreFailed          400  what the function does after it is restored from its snapshot failed
├── ResourceNotFound       404  no such function, version or alias
├── RestoreTimedOut        408  the function was not restored from its snapshot in time
├── RequestTooLarge        413  the event is larger than an invocation may carry
└── TooManyRequests        429  every execution environment the function may have is busy
"""


class FunctionsError(Exception):
    """A refused invocation: no environment has seen it."""

    status = 500
    code = "ServiceException"


class ImageUnavailable(FunctionsError):
    """The version's image is not there."""

    status = 400
    code = "InvalidParameterValueException"


class InvalidRequestContent(FunctionsError):
    """The event is not JSON."""

    status = 400
    code = "InvalidRequestContentException"


class RoleNotAssumable(FunctionsError):
    """The function's role does not trust Lambda."""

    status = 400
    code = "InvalidParameterValueException"


class RestoreFailed(FunctionsError):
    """What the function does after it is restored from its snapshot failed.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """

    status = 400
    code = "SnapStartException"


class RestoreTimedOut(FunctionsError):
    """The function was not restored from its snapshot in time.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-troubleshooting.html
    """

    status = 408
    code = "SnapStartTimeoutException"


class ResourceNotFound(FunctionsError):
    """There is no such function, version or alias."""

    status = 404
    code = "ResourceNotFoundException"


class RequestTooLarge(FunctionsError):
    """The event is larger than an invocation may carry."""

    status = 413
    code = "RequestTooLargeException"


class TooManyRequests(FunctionsError):
    """Every execution environment the function may have is busy."""

    status = 429
    code = "TooManyRequestsException"
