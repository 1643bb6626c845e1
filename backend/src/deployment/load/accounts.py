"""The accounts of a run: made before it and deleted after it, or given and kept."""

import secrets
from collections.abc import Iterator, Mapping, Sequence

from deployment.load.plan import Person
from deployment.smoke.client import ApiClient, is_loopback
from deployment.smoke.failures import Failed

_MOST_FROM_ONE_ADDRESS = 10
"""The services refuse an address that registers more than twenty in a quarter of an hour (docs/fitness.md)."""


def generated(url: str, users: int) -> list[Person]:
    """Return accounts nobody has yet: one a user here, where each address is ours; elsewhere ten that users share."""
    number = users if is_loopback(url) else min(users, _MOST_FROM_ONE_ADDRESS)
    return [Person(f"load-{secrets.token_hex(8)}@example.com", secrets.token_urlsafe(24)) for _ in range(number)]


def serves_documents(url: str, person: Person, timeout_seconds: float) -> bool:
    """Return whether the deployment serves documents; raises `Failed` when the account cannot sign in."""
    with ApiClient(url, timeout_seconds) as client:
        token = _token(client, person)
        return client.request("GET", "/api/v1/documents", query={"limit": "1"}, token=token).status == 200


def registered(url: str, people: Sequence[Person], timeout_seconds: float) -> Iterator[Person]:
    """Register one account after another; raises `Failed` with what the deployment said of one it did not take."""
    for client, batch in _clients(url, people, timeout_seconds):
        for person in batch:
            client.request("POST", "/api/v1/users/register", person.credentials).expect(201)
            yield person


def remove(url: str, people: Sequence[Person], made: Mapping[str, Sequence[str]], timeout_seconds: float) -> list[str]:
    """Delete the accounts that are not kept, and of kept ones what they `made` (paths, by e-mail); return what is left.

    Every entry of what is returned is a sentence for a person.
    """
    left = []
    for client, batch in _clients(url, people, timeout_seconds):
        for person in batch:
            try:
                token = _token(client, person)
                if not person.is_kept:
                    _delete(client, token)
                for path in made.get(person.email, ()):
                    client.request("DELETE", path, token=token).expect(200, 204, 404)
            except Failed as failed:
                left.append(f"{person.email} is left behind: {str(failed).splitlines()[0]}")
    return left


def _delete(client: ApiClient, token: str) -> None:
    """Delete an account, and before it what another function keeps of it when that is asked for."""
    answer = client.request("DELETE", "/api/v1/users/me", token=token)
    if answer.status == 409:
        client.request("DELETE", "/api/v1/knowledge", token=token).expect(200)
        answer = client.request("DELETE", "/api/v1/users/me", token=token)
    answer.expect(200)


def _token(client: ApiClient, person: Person) -> str:
    return client.request("POST", "/api/v1/users/login", person.credentials).expect(200).text("access_token")


def _clients(
    url: str, people: Sequence[Person], timeout_seconds: float
) -> Iterator[tuple[ApiClient, Sequence[Person]]]:
    """Yield a few accounts at a time, each with a client whose address, on loopback, is its own."""
    for first in range(0, len(people), _MOST_FROM_ONE_ADDRESS):
        with ApiClient(url, timeout_seconds) as client:
            yield client, people[first : first + _MOST_FROM_ONE_ADDRESS]
