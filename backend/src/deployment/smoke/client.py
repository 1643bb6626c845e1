"""The deployment, as a front end reaches it: every request of the test goes through here."""

import ipaddress
import secrets
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from deployment.smoke.answer import Answer, printable
from deployment.smoke.failures import Unanswered
from deployment.smoke.outcome import BadUrl

_HEADERS = {"User-Agent": "coachwork-smoke"}
_STACK_TRACE = b"Traceback (most recent call last)"


class ApiClient:
    """One deployment; counts what it is asked.

    Args:
        url: where the API is, its stage included.
        timeout_seconds: for connecting, and for each silence while an answer arrives.
        transport: another way to the API than its address; other addresses are reached as ever.

    Raises:
        BadUrl: `url` is none.
    """

    def __init__(self, url: str, timeout_seconds: float, transport: httpx.BaseTransport | None = None) -> None:
        self.url = checked_url(url)
        self.prefix = urlsplit(self.url).path
        self.requests = 0
        self._timeout_seconds = timeout_seconds
        is_remote = not is_loopback(self.url)  # nothing between us and what is local, whatever the environment says
        way = transport or (None if is_remote else _loopback_transport())
        is_proxied = is_remote and transport is None
        self._here = httpx.Client(headers=_HEADERS, timeout=timeout_seconds, trust_env=is_proxied, transport=way)
        self._elsewhere = httpx.Client(headers=_HEADERS, timeout=timeout_seconds, trust_env=is_remote)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._here.close()
        self._elsewhere.close()

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str = "",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Return the deployment's answer: to a JSON `body`, or to `content` as it is.

        Raises:
            Unanswered: it gave none.
            Failed: it gave one with a stack trace.
        """
        sent = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        payload: dict[str, Any] = {"content": content} if content is not None else {}
        if body is not None:
            payload = {"json": body}
        return self._send(self._here, method, self.url + path, path, params=query, headers=sent, **payload)

    def fetch(self, url: str) -> Answer:
        """Return what an absolute URL of the deployment's answers holds, such as an object store's."""
        return self._send(self._elsewhere, "GET", url, _without_query(url))

    def upload(self, url: str, fields: Mapping[str, str], content: bytes, name: str) -> Answer:
        """Return the store's answer to a form with these fields and, after them, the file of this name."""
        file = {"file": (name, content)}
        return self._send(self._elsewhere, "POST", url, _without_query(url), data=dict(fields), files=file)

    def _send(self, client: httpx.Client, method: str, url: str, shown: str, **more: Any) -> Answer:
        self.requests += 1
        request = f"{method} {printable(shown)}"
        try:
            response = client.request(method, url, **more)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Unanswered(f"{request} got no answer: {_reason(url, error, self._timeout_seconds)}") from error
        answer = Answer(request, response.status_code, dict(response.headers), response.content)
        if _STACK_TRACE in answer.body:
            raise answer.failed("answered with a stack trace", "the application shows its inside to whoever asks")
        return answer


def checked_url(url: str) -> str:
    """Return the URL without a slash at its end; raises `BadUrl` unless an API can be called there."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise BadUrl(f"wants a URL like https://id.execute-api.region.amazonaws.com/production, not {url!r}")
    return url.strip().rstrip("/")


def _reason(url: str, error: Exception, timeout_seconds: float) -> str:
    host = urlsplit(url).netloc.rpartition("@")[2]
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of {host} is not accepted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"{host} does not speak TLS as it should ({cause.reason or cause}): is it http:// there?"
        if isinstance(cause, socket.gaierror):
            return f"the name {urlsplit(url).hostname} has no address (DNS): is it spelt right?"
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} refuses the connection: nothing serves there"
    if isinstance(error, httpx.TimeoutException):
        return f"{host} was silent for {timeout_seconds:g} s"
    return f"{host}: {printable(str(causes[-1])) or type(error).__name__}"


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and what it came from, the first cause last."""
    found: list[BaseException] = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None:
        found.append(cause)
    return found


def is_loopback(url: str) -> bool:
    """Return whether the URL names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _loopback_transport() -> httpx.HTTPTransport:
    """Return a way to loopback addresses from one of its own, drawn anew for each run, where the system has such.

    Failed sign-ins are counted by address: runs on one laptop would lock each other out.
    """
    source = str(ipaddress.IPv4Address("127.0.0.0") + 256 + secrets.randbelow(2**24 - 512))
    try:
        with socket.socket() as probe:
            probe.bind((source, 0))
    except OSError:
        return httpx.HTTPTransport(trust_env=False)
    return httpx.HTTPTransport(trust_env=False, local_address=source)


def _without_query(url: str) -> str:
    """Return the URL without its signature, which whoever reads the report need not have."""
    return url.partition("?")[0]
