"""Stands before the local AWS: lets through what a role may do, and everything that no role signed."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from moto.core.request import Request
from werkzeug.wrappers import Response

from rehearsal.aws.authorization import denials, presigned_forms, presigned_urls
from rehearsal.aws.authorization.calls import Call, Signature, UnreadableCall, call_of, request_of, signature_of
from rehearsal.aws.authorization.ledger import Ledger
from rehearsal.aws.authorization.permissions import required_permissions
from rehearsal.aws.authorization.permissions.permission import Permission
from rehearsal.aws.authorization.presigned_forms import form_of
from rehearsal.aws.authorization.resource_policies import decision_on
from rehearsal.aws.authorization.roles import Session, expire_sessions, function_roles, session_of
from rehearsal.aws.conditions import Context
from rehearsal.aws.policies import Decision
from rehearsal.aws.policies import Request as Asked

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

INSPECTION_PATH = "/rehearsal/authorization"
"""GET answers the ledger's report as JSON, DELETE begins a new ledger."""

SESSIONS_PATH = "/rehearsal/sessions"
"""DELETE ends every session of a role: what was issued so far has expired."""


class Guard:
    """A WSGI application before another, which sees only what is allowed.

    The credentials of a role are held to the role's policies. Any other caller is the deployer, who may do everything.

    Args:
        application: what it stands before.
        ledger: remembers what was decided.
    """

    def __init__(self, application: WsgiApplication, ledger: Ledger) -> None:
        self._application = application
        self._ledger = ledger

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer for the application, or let it answer."""
        if environ.get("PATH_INFO") == INSPECTION_PATH:
            return self._inspection(environ["REQUEST_METHOD"])(environ, start_response)
        if environ.get("PATH_INFO") == SESSIONS_PATH and environ["REQUEST_METHOD"] == "DELETE":
            expire_sessions()
            return Response(status=204)(environ, start_response)
        return (self._refused(request_of(environ)) or self._application)(environ, start_response)

    def _inspection(self, method: str) -> Response:
        if method == "DELETE":
            self._ledger.forget()
            return Response(status=204)
        report = self._ledger.report(function_roles())
        return Response(json.dumps(report, indent=2), content_type="application/json")

    def _refused(self, request: Request) -> Response | None:
        form = form_of(request)
        signature = form.signature if form else signature_of(request)
        if signature is None:
            return None
        session = session_of(signature.access_key)
        secret = session.secret if session else None
        flaw = presigned_forms.flaw_of(form, secret) if form else presigned_urls.flaw_of(request, signature, secret)
        if session is None:
            return denials.response(flaw, signature.service, "query") if flaw else None
        try:
            call = form.call(signature, session.account) if form else call_of(request, signature, session.account)
        except UnreadableCall as error:
            unknown = denials.Refusal("UnknownOperationException", str(error), 400)
            return denials.response(unknown, signature.service, "json")
        refusal = _unacceptable(signature, session, call) or flaw or self._denied(request, session, call)
        return denials.response(refusal, call.service, call.protocol) if refusal else None

    def _denied(self, request: Request, session: Session, call: Call) -> denials.Refusal | None:
        statements, boundary = session.statements(), session.boundary()
        about_caller = _context(request, session, call)
        for need in required_permissions(call):
            asked = Asked(need.action, need.resource, {**about_caller, **need.context}, session.arn)
            decision = decision_on(asked, statements, boundary)
            self._ledger.record(session.role_name, need, decision)
            if not decision.is_allowed:
                return denials.access_denied(call.service, call.protocol, _sentence(session, need, decision))
        return None


def _unacceptable(signature: Signature, session: Session, call: Call) -> denials.Refusal | None:
    if signature.token != session.token:
        return denials.invalid_token(call.service, call.protocol)
    if session.is_expired:
        return denials.expired_token(call.service, call.protocol)
    return None


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


def _sentence(session: Session, need: Permission, decision: Decision) -> str:
    if decision.denying:
        reason = f"with an explicit deny in {decision.denying[0].policy}: {decision.denying[0].sid}"
    else:
        kind = "permissions boundary" if decision.is_out_of_bounds else "identity-based policy"
        reason = f"because no {kind} allows the {need.action} action"
    return f"User: {session.arn} is not authorized to perform: {need.action} on resource: {need.resource} {reason}"
