"""ETag and If-Match: which version somebody saw, and whether it is still the stored one."""

import pytest
from fastapi import FastAPI, Response
from starlette.testclient import TestClient

from coachwork.chassis.errors import PreconditionFailed
from coachwork.chassis.http.middleware import RequestMiddleware
from coachwork.chassis.http.preconditions import ExpectedVersion, require_version, set_etag
from coachwork.chassis.http.problems import install_problem_handlers


@pytest.fixture(scope="module")
def reader() -> TestClient:
    """Return a client of an operation that says which version it was told."""
    app = FastAPI()
    install_problem_handlers(app)
    app.add_middleware(RequestMiddleware)

    @app.put("/")
    def put(expected: ExpectedVersion, response: Response) -> int | None:
        set_etag(response, (expected or 0) + 1)
        return expected

    return TestClient(app)


class TestExpectedVersion:
    """The header If-Match."""

    @pytest.mark.parametrize(
        ("given", "expected"), [('"3"', 3), (' "3" ', 3), ('"0"', 0), ("*", None), (f'"{"9" * 18}"', int("9" * 18))]
    )
    def test_a_version(self, reader: TestClient, given: str, expected: int | None) -> None:
        """An ETag as it was given is its version; a star is any."""
        assert expected == reader.put("/", headers={"If-Match": given}).json()

    def test_none(self, reader: TestClient) -> None:
        """Without the header any version will do."""
        assert reader.put("/").json() is None

    @pytest.mark.parametrize("given", ["3", '"x"', 'W/"3"', '"1", "2"', '"-1"', '""', "", f'"{"9" * 19}"', '"٣"'])
    def test_no_version(self, reader: TestClient, given: str) -> None:
        """What was never given as an ETag is refused; a weak one never matches."""
        refused = reader.put("/", headers={"If-Match": given.encode()})
        assert (400, "urn:coachwork:problem:malformed-request") == (refused.status_code, refused.json()["type"])

    def test_round_trip(self, reader: TestClient) -> None:
        """The ETag of an answer is what If-Match takes."""
        etag = reader.put("/").headers["etag"]
        assert ('"1"', 1) == (etag, reader.put("/", headers={"If-Match": etag}).json())


class TestRequireVersion:
    """Comparing what was seen with what is stored."""

    @pytest.mark.parametrize("expected", [None, 2])
    def test_the_same(self, expected: int | None) -> None:
        """The stored version, or none at all, passes."""
        require_version(expected, 2)

    @pytest.mark.parametrize("expected", [1, 3, 0])
    def test_another(self, expected: int) -> None:
        """Any other is refused, an older as well as one that never was."""
        with pytest.raises(PreconditionFailed):
            require_version(expected, 2)
