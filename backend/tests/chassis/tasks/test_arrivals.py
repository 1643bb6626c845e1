"""What S3 tells of objects that arrived."""

from typing import Any

import pytest
from tests.lambda_events import arrival, http_api, notification_test, rest_api

from coachwork.bootstrap import bootstrap
from coachwork.chassis.errors import NotFound, ObjectStoreUnavailable
from coachwork.chassis.http.services import Service
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.tasks import Invocation
from coachwork.chassis.tasks.arrivals import is_arrival_event, run_arrivals

ASKED = Invocation("arn:aws:lambda:eu-central-1:123456789012:function:coachwork:live")


class Archive:
    """A service that waits for documents and notes their keys; what `failing` names, fails."""

    def __init__(self, failing: dict[str, Exception] | None = None) -> None:
        self.taken: list[tuple[str, Invocation]] = []
        self._failing = failing or {}
        self.services = [Service("other", ()), Service("archive", (), {}, {"documents": lambda: self._take})]

    def _take(self, _resources: Resources, key: str, invocation: Invocation) -> None:
        self.taken.append((key, invocation))
        if failure := self._failing.get(key):
            raise failure

    @property
    def keys(self) -> list[str]:
        """Return what was taken."""
        return [key for key, _ in self.taken]


@pytest.fixture
def served(environ: dict[str, str]) -> Resources:
    """Return resources with a bucket of documents and one of videos."""
    names = {"DOCUMENTS_BUCKET_NAME": "papers", "S3_BUCKET_NAME": "films"}
    return bootstrap(Settings.load({**environ, **names}))


class TestIsArrivalEvent:
    """Telling them from requests."""

    @pytest.mark.parametrize("event", [arrival("a"), arrival("a", "b"), notification_test()])
    def test_of_s3(self, event: Any) -> None:
        """Records of S3, and the test it makes once."""
        assert is_arrival_event(event)

    @pytest.mark.parametrize(
        "event",
        [
            None,
            [],
            {},
            {"Records": []},
            {"Records": "aws:s3"},
            {"Records": [{"eventSource": "aws:sqs"}]},
            {"Records": [{"s3": {}}]},
            {"coachwork": {}},
            rest_api(),
            http_api(),
        ],
    )
    def test_of_others(self, event: Any) -> None:
        """Requests, tasks and what other senders tell are not meant."""
        assert not is_arrival_event(event)


class TestRunArrivals:
    """Doing what they call for."""

    @pytest.mark.parametrize("how", ["Put", "Post", "Copy", "CompleteMultipartUpload"])
    def test_is_told_to_whoever_waits(self, served: Resources, how: str) -> None:
        """By the purpose of the bucket, however the object came, with the call that is running."""
        archive = Archive()
        done = run_arrivals(
            arrival("a.pdf", bucket="papers", event=f"ObjectCreated:{how}"), ASKED, served, archive.services
        )
        assert ({"done": 1, "refused": 0, "failed": 0}, [("a.pdf", ASKED)]) == (done, archive.taken)

    @pytest.mark.parametrize(
        ("told", "key"),
        [
            ("originals/0b5e/0199.pdf", "originals/0b5e/0199.pdf"),
            ("a+b.pdf", "a b.pdf"),
            ("a%2Bb.pdf", "a+b.pdf"),
            ("100%2525.pdf", "100%25.pdf"),
            ("Bericht+%C3%BC%2F%E6%96%87.pdf", "Bericht ü/文.pdf"),
        ],
    )
    def test_a_key_is_read_as_it_was_written(self, served: Resources, told: str, key: str) -> None:
        """S3 writes keys as forms do: a plus is a blank, a percent sign begins a byte, once."""
        archive = Archive()
        run_arrivals(arrival(told, bucket="papers"), ASKED, served, archive.services)
        assert [key] == archive.keys

    def test_of_several(self, served: Resources) -> None:
        """Each is told, in order."""
        archive = Archive()
        run_arrivals(arrival("a", "b", "c", bucket="papers"), ASKED, served, archive.services)
        assert ["a", "b", "c"] == archive.keys

    def test_one_that_fails_keeps_no_other(self, served: Resources) -> None:
        """The others are done; then Lambda is asked to try again."""
        archive = Archive({"a": ObjectStoreUnavailable()})
        with pytest.raises(ObjectStoreUnavailable):
            run_arrivals(arrival("a", "b", bucket="papers"), ASKED, served, archive.services)
        assert ["a", "b"] == archive.keys

    def test_one_that_never_can_be_done(self, served: Resources, caplog: pytest.LogCaptureFixture) -> None:
        """It is logged and dropped: the next try would end as this one."""
        archive = Archive({"a": NotFound("No such document")})
        done = run_arrivals(arrival("a", bucket="papers"), ASKED, served, archive.services)
        assert {"done": 0, "refused": 1, "failed": 0} == done
        assert ["No such document"] == [one.reason for one in caplog.records if one.msg == "arrival refused"]

    @pytest.mark.parametrize(
        "event",
        [
            arrival("a", bucket="somebody-elses"),
            arrival("a", bucket="films"),
            arrival("a", bucket="papers", event="ObjectRemoved:Delete"),
            arrival("a", bucket="papers", key=None),
            {"Records": [{"eventSource": "aws:s3"}]},
            {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": "papers"}}]},
        ],
        ids=["foreign bucket", "nobody waits", "no arrival", "no key", "no more", "another shape"],
    )
    def test_of_no_meaning_are_dropped(self, served: Resources, event: Any) -> None:
        """A foreign or broken record calls nobody, and is not tried again."""
        archive = Archive()
        done = run_arrivals(event, ASKED, served, archive.services)
        assert ({"done": 0, "refused": 1, "failed": 0}, []) == (done, archive.keys)

    def test_without_a_bucket(self, settings: Settings) -> None:
        """A deployment that names none waits for nothing."""
        archive = Archive()
        run_arrivals(arrival("a", bucket="papers"), ASKED, bootstrap(settings), archive.services)
        assert [] == archive.keys

    def test_of_a_notification_that_was_set_up(self, served: Resources) -> None:
        """S3's own test is answered, and tells of nothing."""
        archive = Archive()
        done = run_arrivals(notification_test("papers"), ASKED, served, archive.services)
        assert ({"done": 0, "refused": 0, "failed": 0}, []) == (done, archive.keys)
