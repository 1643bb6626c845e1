"""What a registry refuses, as OCI's distribution specification has it.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
"""

import json

from werkzeug.wrappers import Response


class Refused(Exception):
    """A request is refused: `status` of HTTP, `code` of the specification."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> Response:
        """Return it as the client gets it."""
        body = {"errors": [{"code": self.code, "message": str(self)}]}
        return Response(json.dumps(body), self.status, content_type="application/json")


def unknown(what: str) -> Refused:
    """Return the refusal of a blob or manifest that is not there."""
    return Refused(404, "BLOB_UNKNOWN" if what == "blob" else "MANIFEST_UNKNOWN", f"There is no such {what}")
