"""One TLS context for every HTTP client: reading the machine's certificates takes some 20 ms each time."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssl import SSLContext


@cache
def trusted() -> "SSLContext":
    """Return the context that trusts the certificate authorities this machine trusts."""
    import httpx2

    return httpx2.create_ssl_context()
