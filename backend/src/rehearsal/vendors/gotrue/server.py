"""Supabase Auth (GoTrue) over HTTP on 127.0.0.1, with faults on demand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from threading import Event, Thread
from typing import LiteralString
from urllib.parse import parse_qs, urlsplit

import psycopg

from rehearsal.vendors.gotrue.accounts import Json
from rehearsal.vendors.gotrue.project import Algorithm, Project, Refusal
from rehearsal.vendors.serving import StandInServer

_NEW_ERRORS = "2024-01-01"
_GATEWAY = "the gateway's own"


@dataclass(frozen=True)
class Fault:
    """What every request gets while it is set: after `delay_seconds`, this status and body."""

    status: int = 200
    body: bytes = b"<html>not what you asked for</html>"
    delay_seconds: float = 0.0


class GoTrue(Project):
    """A project on a free port; `fault` spoils every answer while it is set, `requests` says what was asked.

    With `users_table`, the URL of a database, each user has a row in its `auth.users`, as at the real service; the
    login must own that table. The other arguments are the project's.
    """

    def __init__(
        self,
        *,
        algorithm: Algorithm = "ES256",
        confirm_email: bool = False,
        token_seconds: int = 3600,
        users_table: str | None = None,
    ) -> None:
        super().__init__(
            algorithm=algorithm,
            confirm_email=confirm_email,
            token_seconds=token_seconds,
            on_user=_UserRows(users_table) if users_table else None,
        )
        self.fault: Fault | None = None
        self.requests: list[str] = []
        self._stopping = Event()
        self._server: _Server | None = None

    @property
    def has_stopped(self) -> bool:
        """Whether requests go unanswered, those on open connections included."""
        return self._server is None

    def start(self) -> None:
        """Serve until `stop`; the port stays the same when it starts again."""
        self._stopping = Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        server, self._server = self._server, None
        self._stopping.set()
        if server:
            server.shutdown()
            server.server_close()

    def wait(self, seconds: float) -> None:
        """Return after this time, at once when the server stops."""
        self._stopping.wait(seconds)


@contextmanager
def serving(gotrue: GoTrue) -> Iterator[GoTrue]:
    """Yield the server, started; stop it afterwards."""
    gotrue.start()
    try:
        yield gotrue
    finally:
        gotrue.stop()


class _UserRows:
    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    def added(self, user_id: str, email: str) -> None:
        self._run("insert into auth.users (id, email, encrypted_password) values (%s, %s, '')", user_id, email)

    def renamed(self, user_id: str, email: str) -> None:
        self._run("update auth.users set email = %s where id = %s", email, user_id)

    def removed(self, user_id: str) -> None:
        self._run("delete from auth.users where id = %s", user_id)

    def _run(self, statement: LiteralString, *parameters: str) -> None:
        try:
            with psycopg.connect(self._database_url, autocommit=True) as connection:
                connection.execute(statement, parameters)
        except psycopg.Error as error:
            raise Refusal(500, "unexpected_failure", "Database error") from error


class _Server(StandInServer):
    def __init__(self, gotrue: GoTrue) -> None:
        super().__init__(("127.0.0.1", urlsplit(gotrue.url).port or 0), _Handler)
        self.gotrue = gotrue


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave in one write, or each answer waits for a delayed acknowledgement

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's signature
        """Say nothing: bodies and URLs here are somebody's credentials."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        if self.server.gotrue.has_stopped:  # a connection from before
            self.close_connection = True
            return
        self.server.gotrue.requests.append(f"{self.command} {self.path}")
        if fault := self.server.gotrue.fault:
            self.server.gotrue.wait(fault.delay_seconds)
            self._send(fault.status, fault.body)
            return
        try:
            status, answer = self._answer(url.path, url.query, body)
        except Refusal as refusal:
            status, answer = refusal.status, self._refused(refusal)
        self._send(status, b"" if answer is None else json.dumps(answer).encode())

    def _answer(self, path: str, query: str, body: bytes) -> tuple[int, Json | None]:
        self._check_key(path)
        try:
            parsed = json.loads(body) if body else {}
        except ValueError as error:
            raise Refusal(400, "bad_json", "Could not parse request body as JSON") from error
        if not isinstance(parsed, dict):
            raise Refusal(400, "bad_json", "Could not parse request body as JSON")
        values = {name: texts[0] for name, texts in parse_qs(query).items()}
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
        return self.server.gotrue.answer(self.command, path.removeprefix("/auth/v1"), values, parsed, bearer)

    def _check_key(self, path: str) -> None:
        """Do what the gateway before the service does: it wants one of the project's keys, published ones excepted."""
        key, gotrue = self.headers.get("apikey"), self.server.gotrue
        if path.endswith("/jwks.json") or key in {gotrue.api_key, gotrue.service_role_key}:
            return
        raise Refusal(401, _GATEWAY, "Invalid API key" if key else "No API key found in request")

    def _refused(self, refusal: Refusal) -> Json:
        if refusal.code == _GATEWAY:
            return {"message": refusal.message, "hint": "Double check your project's API keys."}
        if (self.headers.get("X-Supabase-Api-Version") or "") >= _NEW_ERRORS:
            return {"code": refusal.code, "message": refusal.message, **refusal.more}
        return {
            "code": refusal.status,
            "error_code": refusal.code,
            "msg": refusal.message,
            **refusal.more,
        }

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if version := self.headers.get("X-Supabase-Api-Version"):
            self.send_header("X-Supabase-Api-Version", version)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
