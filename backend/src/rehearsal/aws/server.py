"""The local AWS as one WSGI application: the guard, what the rehearsal adds, then moto with its extensions."""

import traceback
from collections.abc import Iterable
from typing import Any

from flask import Flask
from moto.backends import SERVICE_NAMES
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from rehearsal.aws.alias_events import on_alias_moved
from rehearsal.aws.authorization import denials
from rehearsal.aws.authorization.calls import signature_of
from rehearsal.aws.authorization.guard import Guard, WsgiApplication
from rehearsal.aws.authorization.ledger import Ledger
from rehearsal.aws.change_counter import ChangeCounter
from rehearsal.aws.extensions import install
from rehearsal.aws.extensions.forms import PostedForms
from rehearsal.aws.extensions.s3_notifications import deliver_by
from rehearsal.aws.invocations import Invocations
from rehearsal.aws.notifications import Notifications
from rehearsal.aws.registry import Registry
from rehearsal.aws.retries import AnsweredOnce
from rehearsal.aws.time_scale import REAL_MINUTE_SECONDS, set_minute_seconds


def application(minute_seconds: float = REAL_MINUTE_SECONDS) -> WsgiApplication:
    """Return the local AWS, empty, in which a minute of deployments and alarms lasts `minute_seconds`."""
    install("iam")  # the guard looks at accounts before a request is dispatched to anything
    set_minute_seconds(minute_seconds)
    changes = ChangeCounter(DomainDispatcherApplication(_backend))
    on_alias_moved(lambda: changes.note("lambda"))
    invocations = Invocations(changes)
    ledger = Ledger()
    deliver_by(Notifications(invocations, ledger))
    return AnsweredOnce(Answering(Registry(Guard(invocations, ledger))))


def serve(port: int, descriptor: int | None = None, minute_seconds: float = REAL_MINUTE_SECONDS) -> None:
    """Serve the local AWS on a port of 127.0.0.1, or on the listening socket `descriptor`, until interrupted."""
    served = application(minute_seconds)
    make_server(
        "127.0.0.1", port, served, threaded=True, request_handler=MotoRequestHandler, fd=descriptor
    ).serve_forever()


class Answering:
    """Turns what moto cannot do into an error that clients take for final.

    Stock moto answers it with HTTP 500, which SDKs take for a passing trouble: Terraform's provider then tries 25
    times, for eight minutes and more.
    """

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does, or with HTTP 400 where it raises."""
        try:
            return self._application(environ, start_response)
        except NotImplementedError as error:
            answer = _final(environ, "NotImplemented", str(error))
        except Exception as error:  # noqa: BLE001  the outermost boundary: a fault of moto must not look like a hiccup
            traceback.print_exc()
            answer = _final(environ, "LocalAwsFault", f"{type(error).__name__}: {error}")
        return answer(environ, start_response)


def _backend(service: SERVICE_NAMES) -> Flask:
    """Return moto's application for a service; a path it does not know is not implemented, rather than not found."""
    install(service)
    backend = create_backend_app(service)
    backend.request_class = PostedForms
    backend.config["PROPAGATE_EXCEPTIONS"] = True  # to `Answering`
    backend.register_error_handler(NotFound, _unknown_path)
    backend.register_error_handler(MethodNotAllowed, _unknown_path)
    return backend


def _unknown_path(error: Exception) -> Response:
    raise NotImplementedError("moto serves nothing at this path") from error


def _final(environ: dict[str, Any], code: str, message: str) -> Response:
    signature = signature_of(PostedForms(environ))
    refusal = denials.Refusal(code, f"The local AWS cannot do this: {message}", 400)
    is_query = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    return denials.response(refusal, signature.service if signature else "s3", "query" if is_query else "json")
