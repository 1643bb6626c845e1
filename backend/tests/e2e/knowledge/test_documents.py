"""Documents over HTTP, on their way in: sent with a request, or announced and uploaded."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from mangum import Mangum
from tests.e2e.knowledge.people import COLLECTIONS, DOCUMENTS, EVERY_BYTE, Person, problem, upload
from tests.lambda_events import rest_api

from coachwork.chassis.tasks.arrivals import run_arrivals
from coachwork.chassis.tasks.port import Invocation
from coachwork.chassis.turns.limits import POLL_SECONDS


class TestSent:
    """A file that goes with the request."""

    def test_byte_for_byte(self, person: Person) -> None:
        """What is downloaded is what was sent, under its name."""
        document = person.send(name="Ärger mit dem Kessel.pdf", tags="House, heating, HOUSE")
        assert ("indexed", ["House", "heating"]) == (document["state"], document["tags"])
        link = person.client.get(f"{DOCUMENTS}/{document['id']}/download")
        saved = httpx.get(link.json()["url"])
        assert (EVERY_BYTE, "no-store") == (saved.content, link.headers["cache-control"])
        assert "%C3%84rger%20mit%20dem%20Kessel.pdf" in saved.headers["content-disposition"]

    def test_through_api_gateway(self, person: Person) -> None:
        """As base64 in an event, no byte is changed either."""
        request = httpx.Request("POST", "http://test", files={"file": ("a.pdf", EVERY_BYTE, "application/pdf")})
        headers = {**request.headers, "Authorization": person.client.headers["Authorization"]}
        event = rest_api("POST", DOCUMENTS)
        event |= {
            "body": b64encode(request.read()).decode(),
            "isBase64Encoded": True,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
        }
        context = SimpleNamespace(
            aws_request_id="77375676-xmpl", invoked_function_arn=None, get_remaining_time_in_millis=lambda: 60_000
        )
        answered = Mangum(person.app, lifespan="off")(event, context)  # type: ignore[arg-type]  # the fields it reads
        assert 202 == answered["statusCode"], answered["body"]
        person.settle()
        [document] = person.client.get(DOCUMENTS).json()["items"]
        assert sha256(EVERY_BYTE).hexdigest() == document["sha256"]

    def test_too_large_for_a_request(self, person: Person) -> None:
        """It is refused with 413, before it is read."""
        answer = person.client.post(DOCUMENTS, files={"file": ("a.pdf", bytes(4_600_000))})
        assert (413, "payload-too-large") == problem(answer)

    def test_the_same_again_with_its_key(self, person: Person) -> None:
        """A request that is repeated because its answer was lost is answered as it was."""
        body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + EVERY_BYTE + b"\r\n--b--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "once"}
        sent = [person.client.post(DOCUMENTS, content=body, headers=headers) for _ in range(2)]
        assert [202, 202] == [answer.status_code for answer in sent]
        assert sent[0].json() == sent[1].json()

    @pytest.mark.parametrize(
        ("data", "refused"),
        [
            ({"collection_id": "none of yours"}, (422, "invalid-request")),
            ({"collection_id": str(uuid4())}, (404, "collection-not-found")),
            ({"color": "blue"}, (422, "invalid-request")),
            ({"name": "../\u202e"}, (422, "unfit-name")),
        ],
    )
    def test_what_stands_beside_it(self, person: Person, data: dict[str, str], refused: tuple[int, str]) -> None:
        """The form's other fields are checked like any body's."""
        assert refused == problem(person.client.post(DOCUMENTS, files={"file": EVERY_BYTE}, data=data))

    def test_no_json(self, person: Person) -> None:
        """A body that is neither is refused."""
        answer = person.client.post(DOCUMENTS, content=b"{", headers={"Content-Type": "application/json"})
        assert (400, "malformed-request") == problem(answer)


class TestUploaded:
    """A file that is announced, and uploaded to the object store."""

    def test_the_whole_way(self, person: Person) -> None:
        """202 and a form; the upload; complete; indexed."""
        announced = {"name": "boiler.pdf", "size_bytes": len(EVERY_BYTE), "sha256": sha256(EVERY_BYTE).hexdigest()}
        answer = person.client.post(DOCUMENTS, json=announced)
        made = answer.json()
        place = f"{DOCUMENTS}/{made['document']['id']}"
        assert (202, place, 900) == (answer.status_code, answer.headers["location"], made["upload_expires_in_seconds"])
        assert (409, "upload-missing") == problem(person.client.post(f"{place}/complete"))
        assert 204 == upload(made["upload"], EVERY_BYTE)
        begun = person.client.post(f"{place}/complete")
        assert (202, "queued", str(POLL_SECONDS)) == (
            begun.status_code,
            begun.json()["state"],
            begun.headers["retry-after"],
        )
        document = person.read(made["document"])
        assert ("indexed", 1, 1, True) == (
            document["state"], document["pages_done"], document["pages_total"], document["is_searched"]
        )  # fmt: skip

    def test_told_by_the_object_store(self, person: Person) -> None:
        """Its event is enough."""
        made = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": len(EVERY_BYTE)}).json()
        assert 204 == upload(made["upload"], EVERY_BYTE)
        tell = {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Post",
            "s3": {"bucket": {"name": person.stage.bucket}, "object": {"key": made["upload"]["fields"]["key"]}},
        }
        state = person.app.state
        counts = run_arrivals({"Records": [tell, tell]}, Invocation(), state.resources, state.services)
        assert {"done": 2, "refused": 0, "failed": 0} == counts
        assert "indexed" == person.read(made["document"])["state"]

    @pytest.mark.parametrize("content", [EVERY_BYTE + b" ", EVERY_BYTE[:-1]])
    def test_another_size(self, person: Person, content: bytes) -> None:
        """The object store refuses it."""
        made = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": len(EVERY_BYTE)}).json()
        assert 400 <= upload(made["upload"], content) < 500

    def test_larger_than_any_may_be(self, person: Person) -> None:
        """It is refused before it is uploaded."""
        answer = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": 50_000_001})
        assert (413, "file-too-large") == problem(answer)

    def test_several(self, person: Person, new_person: Callable[[], Person]) -> None:
        """Each is answered for itself, in order: another's collection is refused, the others are made."""
        theirs = new_person().client.post(COLLECTIONS, json={"name": "House"}).json()["id"]
        items = [
            {"name": "a.pdf", "size_bytes": 10},
            {"name": "b.pdf", "size_bytes": 10, "collection_id": theirs},
            {"name": "c.pdf", "size_bytes": 60_000_000},
        ]
        answer = person.client.post(f"{DOCUMENTS}/batch", json={"items": items})
        made, *refused = answer.json()["items"]
        assert (202, "a.pdf") == (answer.status_code, made["document"]["name"])
        assert [404, 413] == [one["problem"]["status"] for one in refused]

    def test_too_many_at_once(self, person: Person) -> None:
        """A batch has fifty at most."""
        items = [{"name": "a.pdf", "size_bytes": 10}] * 51
        assert (422, "invalid-request") == problem(person.client.post(f"{DOCUMENTS}/batch", json={"items": items}))
