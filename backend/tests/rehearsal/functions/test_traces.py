"""What is traced, and how it is told."""

from rehearsal.functions.report import Start
from rehearsal.functions.traces import Run, Sampler, Span, Trace
from rehearsal.runtime import Invocation

ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach:live"


class TestSampler:
    """X-Ray's default rule."""

    def test_first_of_each_second(self) -> None:
        """The first request of a second is taken, the others by chance, one in twenty."""
        times, chances = iter([5.0, 5.2, 5.9, 6.1]), iter([0.06, 0.04])
        sampler = Sampler(chances.__next__, times.__next__)

        assert [True, False, True, True] == [sampler.takes_next() for _ in range(4)]


class TestTrace:
    """The header a function gets."""

    def test_header(self) -> None:
        """It names the trace, the function's segment as the parent, and whether it is sampled."""
        trace = Trace(is_sampled=True, root="1-0-1", service_segment="a", function_segment="b")

        assert "Root=1-0-1;Parent=b;Sampled=1" == trace.header


class TestSegments:
    """What Lambda tells X-Ray of an invocation."""

    def test_cold_start(self) -> None:
        """The service's segment holds the function's, which holds its phases."""
        service, function = _segments(Invocation("response", b"1", "id", 500.0, 1.0), init_ms=250.0)

        assert ("AWS::Lambda", ARN, 100.0, 101.0) == (
            service["origin"],
            service["resource_arn"],
            service["start_time"],
            service["end_time"],
        )
        assert ("AWS::Lambda::Function", "coach", service["id"], service["trace_id"]) == (
            function["origin"],
            function["name"],
            function["parent_id"],
            function["trace_id"],
        )
        assert [("Initialization", 100.0, 100.25), ("Invocation", 100.25, 100.75), ("Overhead", 100.75, 101.0)] == [
            (phase["name"], phase["start_time"], phase["end_time"]) for phase in function["subsegments"]
        ]
        assert "fault" not in service

    def test_fault(self) -> None:
        """An error of the function marks both; one that did not start has no invocation."""
        segments = _segments(Invocation("error", b"{}", "id", 250.0, 0.0), init_ms=250.0, has_started=False)

        assert [True, True] == [segment["fault"] for segment in segments]
        assert ["Initialization"] == [phase["name"] for phase in segments[1]["subsegments"]]

    def test_warm(self) -> None:
        """A warm environment has nothing to initialize."""
        _, function = _segments(Invocation("response", b"1", "id", 500.0, 1.0), init_ms=None)

        assert ["Invocation", "Overhead"] == [phase["name"] for phase in function["subsegments"]]

    def test_restored(self) -> None:
        """From a snapshot, an environment is restored; what came before the snapshot is not the request's."""
        _, function = _segments(Invocation("response", b"1", "id", 500.0, 1.0), init_ms=900.0, restore_ms=250.0)

        phases = function["subsegments"]
        assert isinstance(phases, list)
        assert ("Restore", 100.0, 100.25) == (phases[0]["name"], phases[0]["start_time"], phases[0]["end_time"])


def _segments(
    invocation: Invocation, init_ms: float | None, *, restore_ms: float | None = None, has_started: bool = True
) -> list[dict[str, object]]:
    start = None if init_ms is None else Start(init_ms, restore_ms)
    run = Run.of(ARN, invocation, Span(100.0, 101.0), start, has_started=has_started)
    return run.segments(Trace(is_sampled=True))
