"""What is sent again because its answer was lost."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

from werkzeug.test import Client

from rehearsal.aws.retries import AnsweredOnce

OPERATION = {"amz-sdk-invocation-id": "5f9e89fd"}


class Counter:
    """Answers with how often it was asked; the first `refused` times with a refusal."""

    def __init__(self, refused: int = 0, seconds: float = 0.0) -> None:
        self.asked = 0
        self._refused = refused
        self._seconds = seconds

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request."""
        self.asked += 1
        sleep(self._seconds)
        start_response("400 Bad Request" if self.asked <= self._refused else "201 Created", [])
        return [str(self.asked).encode()]


class TestAnsweredOnce:
    """One operation, sent twice."""

    def test_is_done_once(self) -> None:
        """And answered twice, the same."""
        counter = Counter()
        client = Client(AnsweredOnce(counter))
        answers = [client.post("/aliases", headers=OPERATION) for _ in range(2)]
        assert [(201, b"1"), (201, b"1")] == [(one.status_code, one.data) for one in answers]

    def test_is_done_once_at_once(self) -> None:
        """Though the second comes while the first is at work."""
        counter = Counter(seconds=0.1)
        application = AnsweredOnce(counter)
        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(lambda: Client(application).post("/", headers=OPERATION).data) for _ in range(4)]
        assert ({b"1"}, 1) == ({one.result() for one in sent}, counter.asked)

    def test_is_tried_again_after_a_refusal(self) -> None:
        """As SDKs do when they are throttled."""
        client = Client(AnsweredOnce(Counter(refused=1)))
        assert [400, 201] == [client.post("/", headers=OPERATION).status_code for _ in range(2)]

    def test_others_are_done(self) -> None:
        """Another operation, one without a name, one that changes nothing, and an invocation: each time."""
        client = Client(AnsweredOnce(Counter()))
        client.post("/", headers=OPERATION)
        others = [
            client.post("/", headers={"amz-sdk-invocation-id": "other"}),
            client.post("/"),
            client.get("/", headers=OPERATION),
            client.post("/2015-03-31/functions/api/invocations", headers=OPERATION),
        ]
        assert [b"2", b"3", b"4", b"5"] == [one.data for one in others]

    def test_remembers_no_more_than_it_must(self) -> None:
        """What is long over is forgotten."""
        counter = Counter()
        client = Client(AnsweredOnce(counter))
        for number in range(600):
            client.post("/", headers={"amz-sdk-invocation-id": str(number)})
        assert b"601" == client.post("/", headers={"amz-sdk-invocation-id": "0"}).data
