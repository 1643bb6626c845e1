"""What is one user's is nobody else's: every operation of the OpenAPI document that takes an id is tried by another.

A new operation is tried as soon as it is there. It fails here until `makers.py` knows how to make what it takes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.document_tables import DocumentStage
from tests.e2e.makers import (
    ADMINISTRATORS,
    ANONYMOUS,
    FILTERS,
    MAKERS,
    ONE_BY_ONE,
    PARTS,
    SHARED,
    Caller,
    Ids,
    maker_of,
)
from tests.e2e.operations import Operation, Place, operations
from tests.object_store import object_stage
from tests.services.fitness.tenants import Rows, rows_by

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected

WITH_ID = [one for one in operations() if one.wants_token and set(one.parameters) & MAKERS.keys()]
NESTED = [one for one in WITH_ID if len(set(one.parameters) & MAKERS.keys()) > 1]
LISTS = [one for one in operations() if one.method == "GET" and one.wants_token and not one.parameters]
BODY_IDS = [
    (one, place)
    for one in operations()
    if one.wants_token
    for place in one.body_ids
    if (one.id, place) not in PARTS | ONE_BY_ONE
]
QUERY_IDS = [
    (one, name)
    for one in operations()
    if one.wants_token and one.id not in ADMINISTRATORS  # others are refused whatever they ask by
    for name in one.query_ids
]
HIDDEN = {404, 412, 422}
"""What another's thing answers: it is not there, or the request does not even get as far."""


@dataclass(frozen=True)
class User:
    """A user, and what the database holds of theirs."""

    id: UUID
    caller: Caller
    owner: psycopg.Connection
    documents: DocumentStage
    lasting: dict[tuple[str, ...], Ids] = field(default_factory=dict)

    def rows(self) -> Rows:
        """Return every row of theirs in every table, of the database and elsewhere."""
        return {**rows_by(self.owner, self.id), **self._documents()}

    def _documents(self) -> Rows:
        found = {
            purpose: self.documents.table(purpose).query(f"OWNER#{self.id}", limit=1_000).documents
            for purpose in ("documents", "chat-history")
        }
        return {
            purpose: [{"id": one.key.sort.rpartition("#")[2], **one.attributes} for one in stored]
            for purpose, stored in found.items()
        }

    def lasting_ids_for(self, operation: Operation) -> Ids:
        """Return the ids of what the operation's path names: made once, for requests that must change nothing."""
        named = tuple(operation.parameters)
        if named not in self.lasting:
            self.lasting[named] = self.ids_for(operation)
        return self.lasting[named]

    def ids_for(self, operation: Operation) -> Ids:
        """Make what the operation's path names, new, and return the ids."""
        ids: Ids = {}
        for name in operation.parameters:
            ids[name] = MAKERS[name](self.caller, ids) if name in MAKERS else SHARED[name]
        return ids


@pytest.fixture(scope="module")
def app(
    knowing: Resources, started_documents: DocumentStage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    """Yield the application with library, knowledge, a bucket with a video, and tables and a bucket for documents."""
    with object_stage(tmp_path_factory.mktemp("aws")) as objects:
        objects.put(f"videos/{SHARED['path']}")
        blobs = {"videos": objects.store, "documents": started_documents.blobs()}
        served = replace(knowing, blobs=blobs.__getitem__, tables=started_documents.table)
        yield create_app(served, selected(knowing.settings.coachwork_services))


@pytest.fixture(scope="module")
def owner(test_database: TestDatabase) -> Iterator[psycopg.Connection]:
    """Yield a connection of the tables' owner, who sees everybody's rows."""
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def new_user(app: FastAPI, owner: psycopg.Connection, started_documents: DocumentStage) -> Callable[[str], User]:
    """Return a maker of users, by the words they write."""

    def make(words: str) -> User:
        client = TestClient(app, client=(words, 50_000))
        account = {"email": f"{words}@example.com", "password": "correct horse battery"}
        user_id = UUID(client.post("/api/v1/users/register", json=account).json()["id"])
        token = client.post("/api/v1/users/login", json=account).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return User(user_id, Caller(client, words), owner, started_documents)

    return make


@pytest.fixture(scope="module")
def alice(new_user: Callable[[str], User]) -> User:
    """Return a user with one of everything."""
    user = new_user("only-alice-knows")
    user.caller.make("replace_profile")
    for name, maker in MAKERS.items():
        if not any(name in one.parameters[1:] for one in NESTED):
            maker(user.caller, {})
    return user


@pytest.fixture(scope="module")
def bob(new_user: Callable[[str], User]) -> User:
    """Return another user."""
    return new_user("bob-was-here")


@pytest.fixture(scope="module")
def nobody(app: FastAPI) -> Caller:
    """Return somebody without a token."""
    return Caller(TestClient(app, client=("nobody", 50_000)), "nobody-was-here")


@pytest.fixture(scope="class")
def lasting(alice: User) -> Rows:
    """Return what is Alice's once she has what every operation's path names: for a class that must change nothing."""
    for operation in operations():
        if operation.wants_token:
            alice.lasting_ids_for(operation)
    return alice.rows()


def leaks(answer: Any, user: User) -> bool:
    """Whether an answer shows what a user wrote."""
    return user.caller.words in answer.text


def named(one: Any) -> str:
    """Return an operation's id, or a place's, for the test's."""
    return one.id if isinstance(one, Operation) else "/".join(one) if isinstance(one, tuple) else str(one)


class TestCoverage:
    """That nothing is forgotten."""

    def test_every_parameter_is_known(self) -> None:
        """Each path parameter is one `makers.py` makes, or one it says is everybody's."""
        unknown = [
            f"{one.method} {one.path}: add {{{name}}} to MAKERS or SHARED in tests/e2e/makers.py"
            for one in operations()
            for name in one.parameters
            if name not in MAKERS and name not in SHARED
        ]
        assert [] == unknown

    def test_every_id_in_a_body_or_query_is_known(self) -> None:
        """Each id an operation takes beside its path has the name of a path parameter."""
        given = [(one.id, place) for one, place in BODY_IDS] + [(one.id, (name,)) for one, name in QUERY_IDS]
        assert [] == [f"{name}: {place} is not in MAKERS" for name, place in given if not maker_of(name, place)]

    def test_no_maker_is_left_over(self) -> None:
        """Each maker makes what an operation takes."""
        assert MAKERS.keys() | SHARED.keys() == {name for one in operations() for name in one.parameters}

    def test_who_is_anonymous(self) -> None:
        """The operations that want no token are these, and a new one is a decision."""
        assert {one.id for one in operations() if not one.wants_token} == ANONYMOUS


class TestNobody:
    """Whoever has no token."""

    @pytest.mark.parametrize("operation", [one for one in operations() if one.wants_token], ids=named)
    def test_is_told_to_sign_in(self, operation: Operation, alice: User, lasting: Rows, nobody: Caller) -> None:
        """Each operation that wants a token answers 401, for what is there as well."""
        answer = nobody.send(operation, alice.lasting_ids_for(operation))
        assert (401, lasting) == (answer.status_code, alice.rows())


class TestAnyVersion:
    """A user who sends If-Match with another's ids."""

    @pytest.mark.parametrize("operation", WITH_ID, ids=named)
    def test_finds_and_changes_nothing(self, operation: Operation, alice: User, lasting: Rows, bob: User) -> None:
        """Whether a version is the stored one is nobody else's business."""
        bob.caller.client.headers["If-Match"] = '"1"'
        answer = bob.caller.send(operation, alice.lasting_ids_for(operation))
        del bob.caller.client.headers["If-Match"]
        assert (404, lasting) == (answer.status_code, alice.rows())


class TestSomebodyElse:
    """A user who knows another's ids."""

    @pytest.mark.parametrize("operation", WITH_ID, ids=named)
    def test_finds_and_changes_nothing(self, operation: Operation, alice: User, bob: User) -> None:
        """By another's id nothing is found and not a byte changes; the same request of its owner's works."""
        ids = alice.ids_for(operation)
        before = alice.rows()
        answer = bob.caller.send(operation, ids)
        assert (404, False, before) == (answer.status_code, leaks(answer, alice), alice.rows())
        mine = alice.caller.send(operation, ids)
        assert mine.status_code in {200, 201, 202, 204, 409}, mine.text  # or the refusal above would prove nothing

    def test_through_a_thing_of_their_own(self, alice: User, bob: User) -> None:
        """Where a path has several ids, a thing of another's is not found under one's own either."""
        for operation in NESTED:
            theirs, own = alice.ids_for(operation), bob.ids_for(operation)
            first, before = operation.parameters[0], alice.rows()
            answer = bob.caller.send(operation, {**theirs, first: own[first]})
            assert answer.status_code in HIDDEN, operation.id
            assert (False, before) == (leaks(answer, alice), alice.rows()), operation.id

    @pytest.mark.parametrize(("operation", "place"), BODY_IDS, ids=named)
    def test_names_it_in_a_body(self, operation: Operation, place: Place, alice: User, bob: User) -> None:
        """Nothing of one's own hangs on another's things."""
        maker = maker_of(operation.id, place)
        assert maker
        theirs = maker(alice.caller, {})
        before = alice.rows()
        answer = bob.caller.send(operation, bob.ids_for(operation), place, theirs)
        allowed = {200} if (operation.id, place) in FILTERS else HIDDEN
        assert answer.status_code in allowed, answer.text
        assert (False, before) == (leaks(answer, alice), alice.rows())
        mine = alice.caller.send(operation, alice.ids_for(operation), place, theirs)
        assert mine.is_success, mine.text

    def test_asks_by_it(self, alice: User, bob: User) -> None:
        """A filter by another's id shows nothing of theirs."""
        for operation, name in QUERY_IDS:
            theirs = MAKERS[name](alice.caller, {})
            answer = bob.caller.client.get(operation.url(bob.ids_for(operation)), params={name: theirs})
            assert answer.status_code in {200, *HIDDEN}, operation.id
            assert not leaks(answer, alice), operation.id

    @pytest.mark.parametrize("operation", LISTS, ids=named)
    def test_lists_their_own(self, operation: Operation, alice: User, bob: User) -> None:
        """What one user's list shows, another's does not: no text and no id of theirs."""
        shown = bob.caller.client.get(operation.path)
        assert shown.status_code < 500
        assert not leaks(shown, alice)
        assert [] == [one for one in _ids_in(alice.rows()) if one in shown.text]


class TestOwner:
    """The user whose things they are."""

    @pytest.mark.parametrize(
        "operation", [one for one in LISTS if one.id.startswith("list_") and one.id not in ADMINISTRATORS], ids=named
    )
    def test_lists_what_there_is(self, operation: Operation, alice: User) -> None:
        """Every list works for who has one of everything, so that the others' empty ones prove something."""
        assert 200 == alice.caller.client.get(operation.path).status_code


class TestEverybodys:
    """What belongs to everybody."""

    @pytest.mark.parametrize(
        "operation", [one for one in operations() if set(one.parameters) & SHARED.keys()], ids=named
    )
    def test_may_be_read_only(self, operation: Operation, bob: User) -> None:
        """A user reads it, and may not change it."""
        answer = bob.caller.send(operation, bob.ids_for(operation))
        assert (200 if operation.method == "GET" else 403) == answer.status_code


def _ids_in(rows: Rows) -> set[str]:
    """Return the ids of a user's rows, their own id aside."""
    return {str(row["id"]) for table in rows.values() for row in table if "id" in row}
