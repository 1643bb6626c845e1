"""Stands before the local AWS: lets through what a role may do, and everything that no role signed."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.request import Request
from werkzeug.wrappers import Response

from rehearsal.aws.authorization import denials
from rehearsal.aws.authorization.calls import Call, Signature, UnreadableCall, call_of, request_of, signature_of
from rehearsal.aws.authorization.ledger import Ledger
from rehearsal.aws.authorization.needs import needs_of
from rehearsal.aws.authorization.needs.need import Need
from rehearsal.aws.authorization.resource_policies import statements_about
from rehearsal.aws.authorization.roles import Session, function_roles, session_of
from rehearsal.aws.conditions import Context
from rehearsal.aws.policies import Decision, decide
from rehearsal.aws.policies import Request as Asked

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

INSPECTION_PATH = "/rehearsal/authorization"
"""GET answers the ledger's report as JSON, DELETE begins a new ledger."""


class Guard:
    """A WSGI application before another, which sees only what is allowed.

    The credentials of a role are held to the role's policies. Any other caller is the deployer, who may do everything.
    """

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self._ledger = Ledger()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer for the application, or let it answer."""
        if environ.get("PATH_INFO") == INSPECTION_PATH:
            return self._inspection(environ["REQUEST_METHOD"])(environ, start_response)
        request = request_of(environ)
        signature = signature_of(request)
        session = session_of(signature.access_key) if signature else None
        refused = self._refused(request, signature, session) if signature and session else None
        return (refused or self._application)(environ, start_response)

    def _inspection(self, method: str) -> Response:
        if method == "DELETE":
            self._ledger.forget()
            return Response(status=204)
        report = self._ledger.report(function_roles())
        return Response(json.dumps(report, indent=2), content_type="application/json")

    def _refused(self, request: Request, signature: Signature, session: Session) -> Response | None:
        try:
            call = call_of(request, signature, session.account)
        except UnreadableCall as error:
            unknown = denials.Refusal("UnknownOperationException", str(error), 400)
            return denials.response(unknown, signature.service, "json")
        refusal = _unacceptable(request, signature, session, call) or self._denied(request, session, call)
        return denials.response(refusal, call.service, call.protocol) if refusal else None

    def _denied(self, request: Request, session: Session, call: Call) -> denials.Refusal | None:
        statements = session.statements()
        about_caller = _context(request, session, call)
        for need in needs_of(call):
            asked = Asked(need.action, need.resource, {**about_caller, **need.context}, session.arn)
            decision = decide([*statements, *statements_about(need.resource)], asked)
            self._ledger.record(session.role_name, need, decision)
            if not decision.is_allowed:
                return denials.access_denied(call.service, call.protocol, _sentence(session, need, decision))
        return None


def _unacceptable(request: Request, signature: Signature, session: Session, call: Call) -> denials.Refusal | None:
    if signature.token != session.token:
        return denials.invalid_token(call.service, call.protocol)
    if session.is_expired:
        return denials.expired_token(call.service, call.protocol)
    if signature.is_presigned and _is_over(request):
        return denials.Refusal("AccessDenied", "Request has expired", 403)
    return None


def _is_over(request: Request) -> bool:
    now = datetime.now(UTC)
    if "X-Amz-Date" in request.args:
        signed = datetime.strptime(request.args["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return now > signed + timedelta(seconds=int(request.args.get("X-Amz-Expires", "0")))
    return now.timestamp() > int(request.args.get("Expires", "0"))


def _context(request: Request, session: Session, call: Call) -> Context:
    """Return the global condition keys; the local endpoint has no TLS and stands for one that does."""
    now = datetime.now(UTC)
    return {
        "aws:currenttime": [now.isoformat()],
        "aws:epochtime": [str(int(now.timestamp()))],
        "aws:principalaccount": [session.account],
        "aws:principalarn": [f"arn:aws:iam::{session.account}:role/{session.role_name}"],
        "aws:principaltype": ["AssumedRole"],
        "aws:requestedregion": [call.region],
        "aws:resourceaccount": [session.account],
        "aws:securetransport": ["true"],
        "aws:sourceip": [request.remote_addr or "127.0.0.1"],
        "aws:useragent": [request.headers.get("User-Agent", "")],
    }


def _sentence(session: Session, need: Need, decision: Decision) -> str:
    reason = (
        f"with an explicit deny in {decision.denying[0].policy}: {decision.denying[0].sid}"
        if decision.denying
        else f"because no identity-based policy allows the {need.action} action"
    )
    return f"User: {session.arn} is not authorized to perform: {need.action} on resource: {need.resource} {reason}"
