"""A request that is sent again, for its answer was lost on the way, is answered as it was, and not done twice.

AWS's SDKs, and Go's HTTP client below Terraform's provider, send what failed in transport again. Where the first try
was done all the same, creating the thing a second time would be refused: a machine with more work than processors
shows it.
SDKs name an operation by `amz-sdk-invocation-id`, the same at each try.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any

from rehearsal.aws.authorization.guard import WsgiApplication

_KEPT = 512
_SAFE = frozenset({"GET", "HEAD"})
_INVOCATIONS = "/invocations"
"""Functions decide themselves what to do with an event that comes twice."""

Answer = tuple[str, list[tuple[str, str]], bytes]


class AnsweredOnce:
    """Remembers the answers to the operations that changed something.

    Args:
        application: does them.
    """

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self._lock = Lock()
        self._answers: OrderedDict[str, tuple[Lock, list[Answer]]] = OrderedDict()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does, or as it did."""
        operation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID", "")
        is_other = environ["REQUEST_METHOD"] in _SAFE or environ["PATH_INFO"].endswith(_INVOCATIONS)
        if not operation or is_other:
            return self._application(environ, start_response)
        doing, answers = self._of(operation)
        with doing:
            if not answers:
                answer = self._done(environ)
                if not answer[0].startswith("2"):
                    return _told(answer, start_response)  # a refusal may be tried again
                answers.append(answer)
        return _told(answers[0], start_response)

    def _of(self, operation: str) -> tuple[Lock, list[Answer]]:
        with self._lock:
            found = self._answers.setdefault(operation, (Lock(), []))
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
            return found

    def _done(self, environ: dict[str, Any]) -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            begun.append((status, headers))

        parts = self._application(environ, begin)
        try:
            body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        return (*begun[-1], body)


def _told(answer: Answer, start_response: Any) -> Iterable[bytes]:
    status, headers, body = answer
    start_response(status, headers)
    return [body]
