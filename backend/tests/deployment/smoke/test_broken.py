"""The smoke test of an application that has something broken: caught, said plainly, and nothing left behind."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.deployment.smoke.breakages import BREAKAGES, FOREIGN, OTHER_BYTES, change, fail
from tests.deployment.smoke.deployment import ORIGIN, Deployment, walk
from tests.deployment.smoke.proxy import Answer, Request, broken

from deployment.smoke import Check, Outcome
from deployment.smoke.accounts import account
from deployment.smoke.cleanup import cleanup
from deployment.smoke.client import ApiClient
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Failed
from deployment.smoke.videos import there_and_back

pytestmark = pytest.mark.long(seconds=45)

_TIMEOUT_SECONDS = 30


@pytest.fixture(scope="module")
def outcome(deployment: Deployment) -> Outcome:
    """Run the test once through a proxy that breaks one answer of each of many checks; documentation is on."""

    def breaking(request: Request, answer: Answer) -> None:
        for breakage in BREAKAGES:
            breakage.breaks(proxy, request, answer)

    before = deployment.contents()
    with broken(deployment.laptop.url, breaking) as proxy:
        outcome, _ = walk(proxy.url, deployment.options(expects_docs=False))
    assert before == deployment.contents()
    return outcome


def check_of(outcome: Outcome, name: str) -> Check:
    """Return the check of that name."""
    return next(check for check in outcome.checks if check.name == name)


class TestCaught:
    """Each thing broken is caught by its own check, and by that alone."""

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("health", "GET /api/v1/health/ answered 503: rag is empty\nthe knowledge is not loaded: run python -m"),
            ("documentation", "GET /docs shows the documentation\n"),
            (
                "profile",
                "PUT /api/v1/profile answered 500 where 200 was expected\nSomething went wrong\nX-Request-Id: ",
            ),
            ("log and progress", "says exercises.0.best_epley.estimate_kg is 133.3 where 121.0 was expected\n"),
            ("another account", "let another account at the first one's workout\n"),
            ("chat with citations", "in the text that no citation stands for\nX-Request-Id: "),
            ("chat that goes on", "POST /api/v1/chat/send answered 202 without the Location /api/v1/chat/turns/"),
            ("upload by an admin", "gave 5 bytes that are not the 4096 that were stored"),
            ("document's arrival", "GET /api/v1/documents answered 200 without items.0.id"),
            ("search in documents", "says items.0.page is 7 where 2 was expected"),
            ("answer from documents", "cites words (1) that its chunk does not hold"),
            ("document's removal", "answered 200 where 403 or 404 was expected"),
            ("document sent along", "does the gateway take multipart/form-data for a binary media type?"),
            ("documents' erasure", "says documents is 0 where 1 was expected"),
            ("front end (CORS)", f"does not let {ORIGIN} in: no allow header\n"),
            ("foreign page (CORS)", f"GET /api/v1/users/me lets {FOREIGN} in\n"),
            ("unknown path", "answered with a stack trace\nTraceback"),
            ("no token", "answered 401 without naming Bearer in WWW-Authenticate\n"),
            ("large body", "answered 413 as text/plain where application/problem+json was expected\n"),
            ("guessing passwords", "answered 429 without a Retry-After in seconds\n"),
        ],
    )
    def test_it_is_said(self, outcome: Outcome, name: str, said: str) -> None:
        """The line names the request and what is wrong with its answer."""
        assert said in check_of(outcome, name).failure

    def test_nothing_else_is(self, outcome: Outcome) -> None:
        """What is well passes beside them: liveness too, for the gateway got no answer the first time alone."""
        well = {check.name for check in outcome.checks} - {check.name for check in outcome.failures}
        assert {
            "liveness",
            "account",
            "workout",
            "absent video",
            "upload by a user",
            "gateway's own error",
            "wrong method",
            "bad value",
            "cleaning up",
        } == well


class TestConsequences:
    """What is done when others build on what is broken."""

    def test_nobody_can_register(self, deployment: Deployment) -> None:
        """Registration that wants its address confirmed: said with the way out; dependents are not tried."""

        def breaking(request: Request, answer: Answer) -> None:
            if request.path == "/api/v1/users/login" and "smoke-" in request.body.decode(errors="ignore"):
                fail(answer)
                answer.status = 403
                change(answer, lambda problem: problem.update(type="urn:coachwork:problem:email-not-confirmed"))

        with broken(deployment.laptop.url, breaking) as proxy:
            outcome, _ = walk(proxy.url, deployment.options(admin_email="", admin_password=""))
        assert "set SMOKE_EMAIL and SMOKE_PASSWORD to an existing, confirmed" in check_of(outcome, "account").failure
        assert "not tried: nobody is signed in" == check_of(outcome, "chat with citations").note

    def test_an_account_that_stays(self, deployment: Deployment) -> None:
        """Deletion that deletes nothing is seen, for the account can still log in."""

        def breaking(request: Request, answer: Answer) -> None:
            is_deleted = any(one.method == "DELETE" and one.path == "/api/v1/users/me" for one in proxy.requests)
            if is_deleted and request.path == "/api/v1/users/login" and answer.status == 401:
                answer.status = 200

        with broken(deployment.laptop.url, breaking) as proxy, ApiClient(proxy.url, _TIMEOUT_SECONDS) as client:
            context = CheckContext(client, deployment.options())
            account(context)
            with pytest.raises(Failed) as failed:
                cleanup(context)
        said = "is left behind: POST /api/v1/users/login answered 200 where 401 was expected"
        assert said in str(failed.value)

    def test_nothing_goes_on_in_the_background(self, deployment: Deployment) -> None:
        """Once a check has failed, nobody waits long for a turn or a document: the verdict is certain."""
        waits = re.compile(r"/api/v1/(chat/turns|documents)/[0-9a-f-]{36}")

        def breaking(request: Request, answer: Answer) -> None:
            if request.method == "GET" and waits.fullmatch(request.path):
                change(answer, lambda found: found.update(state="queued"))

        with broken(deployment.laptop.url, breaking) as proxy:
            outcome, _ = walk(proxy.url, deployment.options(expects_docs=False, seconds_after_failure=0.5))
        assert ["documentation", "chat that goes on", "document's arrival"] == [one.name for one in outcome.failures]
        for waited in outcome.failures[1:]:
            assert "still says queued after 0.5 s\nX-Request-Id: " in waited.failure
            assert "nobody takes up what the function hands over" in waited.failure


class TestStore:
    """An object store that is laxer than it should be."""

    def test_it_takes_any_size(self, deployment: Deployment) -> None:
        """A byte more than was granted, taken all the same."""

        def breaking(request: Request, answer: Answer) -> None:
            if (request.method, request.path) == ("POST", "/api/v1/videos") and answer.status == 201:
                change(answer, lambda video: video["upload"].update(url=proxy.url + OTHER_BYTES))
            elif request.path == OTHER_BYTES:
                answer.status = 204

        with broken(deployment.laptop.url, breaking) as proxy, ApiClient(proxy.url, _TIMEOUT_SECONDS) as client:
            context = CheckContext(client, deployment.options())
            with pytest.raises(Failed, match="took more bytes than the upload was granted for"):
                there_and_back(context)
            assert "nothing is left" == cleanup(context)


class TestLockedOut:
    """An address that has failed too often, by earlier runs or otherwise."""

    def test_nothing_is_made(self, deployment: Deployment) -> None:
        """Said with what it means, before there is an account that nobody could log in to delete."""
        before = deployment.contents()
        with broken(deployment.laptop.url, lambda request, answer: None) as proxy:
            for number in range(20):
                stranger = {"email": f"nobody-{number}@example.com", "password": "not a password"}
                httpx.post(f"{proxy.url}/api/v1/users/login", json=stranger, trust_env=False)
            outcome, _ = walk(proxy.url, deployment.options(admin_email="", admin_password=""))
        failure = check_of(outcome, "account").failure
        assert "answered 429 where 401 was expected" in failure
        assert "Retry-After: " in failure
        assert "this address or account has tried too often" in failure
        assert "not tried: nothing was made" == check_of(outcome, "cleaning up").note
        assert before == deployment.contents()


class TestUnreachable:
    """No application at the URL: one request, one reason, no cascade."""

    @pytest.mark.parametrize(
        ("status", "headers", "body", "said"),
        [
            (
                403,
                {"content-type": "application/json"},
                b'{"message":"Missing Authentication Token"}',
                "API Gateway has nothing at this path: the URL wants its stage at the end",
            ),
            (403, {"content-type": "application/json"}, b'{"message":"Forbidden"}', "API Gateway has no such stage"),
            (301, {"location": "https://elsewhere.example/"}, b"", "leads to https://elsewhere.example/: use that URL"),
            (200, {"content-type": "text/html"}, b"<html>", "something else answers there"),
            (404, {"content-type": "text/html"}, b"<html>", "something else answers there"),
        ],
        ids=["wrong stage", "no stage", "redirect", "a page", "another server"],
    )
    def test_not_the_application(
        self, deployment: Deployment, status: int, headers: dict[str, str], body: bytes, said: str
    ) -> None:
        """Something else answers."""

        def breaking(request: Request, answer: Answer) -> None:
            answer.status, answer.headers, answer.body = status, headers, body

        with broken(deployment.laptop.url, breaking) as proxy:
            outcome, _ = walk(proxy.url, deployment.options())
        assert 1 == outcome.requests
        liveness, rest = outcome.checks
        assert said in liveness.failure
        assert ("the other 28 checks", True) == (rest.name, rest.is_not_tried)

    def test_a_function_that_fails(self, deployment: Deployment) -> None:
        """The gateway gets nothing of the function, again and again: nothing else is tried."""

        def breaking(request: Request, answer: Answer) -> None:
            answer.status, answer.headers = 502, {"content-type": "application/json"}
            answer.body = b'{"message":"Internal server error"}'

        with broken(deployment.laptop.url, breaking) as proxy:
            outcome, _ = walk(proxy.url, deployment.options(tries=2))
        assert 2 == outcome.requests
        assert "GET /health answered 502 where 200 was expected, 2 times" in outcome.failures[0].failure


def without_texts(value: Any) -> Any:
    """Return JSON with a number in place of each text."""
    if isinstance(value, dict):
        return {name: without_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_texts(one) for one in value]
    return 7 if isinstance(value, str) else value


class TestNonsense:
    """Answers nobody thought of: failures, never an exception."""

    @pytest.mark.parametrize("body", [b"null", b"[]", b'{"status":"ok"}', b'{"items":[7]}', b"\xff\x00", b""])
    def test_the_same_to_everything(self, deployment: Deployment, body: bytes) -> None:
        """One 200 whatever is asked."""

        def breaking(request: Request, answer: Answer) -> None:
            answer.status, answer.body, answer.headers = 200, body, {"content-type": "application/json"}

        with broken(deployment.laptop.url, breaking) as proxy:
            outcome, _ = walk(proxy.url, deployment.options())
        assert {"health", "account"} <= {check.name for check in outcome.failures}

    @pytest.mark.parametrize(
        ("paths", "changing"),
        [
            ("/api/v1/users/me", without_texts),
            ("/api/v1/(profile|workouts-db|chat|videos|documents|knowledge).*", without_texts),
            ("/api/v1/(profile|workouts-db|chat|videos|documents|knowledge).*", dict.fromkeys),
            ("/api/v1/(profile|workouts-db|chat|videos|documents|knowledge).*", lambda value: [value]),
        ],
    )
    def test_other_shapes(self, deployment: Deployment, paths: str, changing: Callable[[Any], Any]) -> None:
        """What is right in all but its shape."""

        def breaking(request: Request, answer: Answer) -> None:
            if re.match(paths, request.path) and answer.status in {200, 201} and request.method != "DELETE":
                answer.body = json.dumps(changing(json.loads(answer.body))).encode()

        before = deployment.contents()
        with broken(deployment.laptop.url, breaking) as proxy:
            outcome, _ = walk(proxy.url, deployment.options())
        assert outcome.failures
        assert [] == [check for check in outcome.failures if "nobody thought of" in check.failure]
        assert before == deployment.contents()
