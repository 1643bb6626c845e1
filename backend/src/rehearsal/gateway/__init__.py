"""A small API Gateway: HTTP in, proxy events to functions, HTTP out, with AWS's limits and words."""

from rehearsal.gateway.api import Api, GatewayResponse, Integration, LogFormat, Route, Stage, Throttle
from rehearsal.gateway.gateway import Backend, Gateway
from rehearsal.gateway.invoke_api import InvokeApi
from rehearsal.gateway.message import Request, Response
from rehearsal.gateway.server import Front, GatewayServer

__all__ = [
    "Api",
    "Backend",
    "Front",
    "Gateway",
    "GatewayResponse",
    "GatewayServer",
    "Integration",
    "InvokeApi",
    "LogFormat",
    "Request",
    "Response",
    "Route",
    "Stage",
    "Throttle",
]
