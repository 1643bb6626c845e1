"""Somebody with an HTTP client: asks the running application, and takes no for an answer only where it is expected."""

from typing import Any

import httpx

Json = dict[str, Any]
API = "/api/v1"
PASSWORD = "correct horse battery"


class Person:
    """A person signed in at the application that serves at `url`."""

    def __init__(self, url: str, email: str) -> None:
        self.url, self.email = url, email
        self.http = httpx.Client(base_url=url, timeout=30)
        self.last: httpx.Response | None = None
        self.refresh_token = ""

    def ask(self, method: str, path: str, body: object = None, *, status: int = 200, **more: Any) -> Any:
        """Send a request; return the parsed answer, which has this status."""
        if body is not None:
            more["json"] = body
        self.last = self.http.request(method, API + path, **more)
        assert status == self.last.status_code, f"{method} {path}: {self.last.status_code} {self.last.text[:600]}"
        if self.last.content and "json" in self.last.headers["content-type"]:
            return self.last.json()
        return self.last.text

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self.ask("GET", path, params={name.rstrip("_"): value for name, value in query.items()})

    def make(self, path: str, body: object = None, status: int = 201) -> Any:
        """Create."""
        return self.ask("POST", path, body, status=status)

    def every(self, path: str, **query: Any) -> list[Any]:
        """Read a whole list, page by page."""
        items, cursor = [], None
        while True:
            page = self.get(path, limit=100, **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    def register(self) -> str:
        """Make the account and sign in; return its id."""
        account = {"email": self.email, "password": PASSWORD}
        account_id = str(self.make("/users/register", account)["id"])
        signed_in = self.make("/users/login", account, 200)
        self.refresh_token = signed_in["refresh_token"]
        self.http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        return account_id

    @property
    def etag(self) -> dict[str, str]:
        """The precondition that what was read last is still so."""
        assert self.last is not None
        return {"If-Match": self.last.headers["ETag"]}
