"""Reads what a request calls and who signed it, from the request alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import get_input_stream

from rehearsal.aws.extensions.forms import PostedForms

_SCOPE_PARTS = 5


class UnreadableCall(ValueError):
    """The request is no call of the service it is signed for."""


@dataclass(frozen=True)
class Signature:
    """Who signed a request and for what: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`."""

    access_key: str
    region: str
    service: str
    token: str
    is_presigned: bool


@dataclass(frozen=True)
class Call:
    """An operation of a service with its parameters, as botocore's model of the service names them."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    account: str
    protocol: str = "json"

    def arn(self, resource: str, service: str = "") -> str:
        """Return the ARN of a resource of the caller's own account and region."""
        return f"arn:aws:{service or self.service}:{self.region}:{self.account}:{resource}"


def signature_of(request: Request) -> Signature | None:
    """Return who signed `request` in its header or its query; None for one that nobody signed."""
    header = request.headers.get("Authorization", "")
    if "Credential=" in header:
        scope = header.partition("Credential=")[2].partition(",")[0].strip()
        token = request.headers.get("X-Amz-Security-Token", "")
    else:
        scope = request.args.get("X-Amz-Credential", "")
        token = request.args.get("X-Amz-Security-Token", "")
        if "AWSAccessKeyId" in request.args:  # version 2, which boto3 still uses for presigned URLs of us-east-1
            token = request.args.get("x-amz-security-token", "")
            return Signature(request.args["AWSAccessKeyId"], "us-east-1", "s3", token, is_presigned=True)
    parts = scope.split("/")
    if len(parts) != _SCOPE_PARTS:
        return None
    return Signature(parts[0], parts[2], parts[3].lower(), token, is_presigned=not header)


def request_of(environ: dict[str, Any]) -> Request:
    """Return the request of a WSGI environment; its body can be read again by whoever comes next."""
    body = get_input_stream(environ).read()
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    request: Request = PostedForms(environ.copy())
    request.stream = BytesIO(body)
    return request


def call_of(request: Request, signature: Signature, account: str) -> Call:
    """Return the operation that `request` calls.

    Raises:
        UnreadableCall: no operation of the service looks like this.
    """
    service = _MODELS.get(signature.service, signature.service)
    if service == "apigateway" and request.path.startswith("/v2/"):  # two APIs sign alike
        service = "apigatewayv2"
    try:
        operation, path_parameters = get_service_router(service).match(request)
    except (NotFound, NotImplementedError) as error:
        raise UnreadableCall(f"{request.method} {request.path} is no call of {service}") from error
    protocol = determine_request_protocol(get_service_model(service), request.content_type)
    parameters = _parameters(request, operation, path_parameters, protocol)
    return Call(service, str(operation.name), parameters, signature.region, account, protocol)


def _parameters(
    request: Request, operation: OperationModel, path_parameters: dict[str, Any], protocol: str
) -> dict[str, Any]:
    # a stored object is no description of anything, and may be large
    has_document = request.method == "POST" or protocol != "rest-xml"
    parser = PROTOCOL_PARSERS[protocol](operation)
    parsed: dict[str, Any] = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data if has_document else b"",
            "url_path": request.path,
            "url_params": path_parameters,
        }
    )
    return path_parameters | parsed


_MODELS = {"monitoring": "cloudwatch", "states": "stepfunctions", "email": "ses"}
"""Services that sign with another name than their model has."""
