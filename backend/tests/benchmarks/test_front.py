"""Functions behind the gateway, and their clients."""

from collections.abc import Iterator

import pytest
from benchmarks.front import Front, fronts
from benchmarks.image_environment import OURS, PLAIN, VARIANTS, event, function


@pytest.fixture(scope="module")
def both() -> Iterator[dict[str, Front]]:
    """Return the two functions that are compared, deployed."""
    with fronts({name: function(VARIANTS[name]) for name in (PLAIN, OURS)}) as deployed:
        yield deployed


class TestFront:
    """A deployed function."""

    @pytest.mark.parametrize("name", [PLAIN, OURS])
    def test_answers(self, both: dict[str, Front], name: str) -> None:
        """What is measured is an answer, cold and again over the same connection."""
        both[name].end_environments()
        with both[name].caller() as caller:
            assert caller.call_ms("/health") > 0
            assert caller.call_ms("/health") > 0

    def test_starts_cold(self, both: dict[str, Front]) -> None:
        """Once its environments have ended the next event waits for a new one, and the one after it does not."""
        front = both[PLAIN]
        front.end_environments()
        logs = [front.service.invoke(front.deployed.name, event("GET", "/health"), "live").log for _ in range(2)]

        assert [True, False] == ["Init Duration" in "".join(log) for log in logs]

    def test_serves_its_clients_at_once(self, both: dict[str, Front]) -> None:
        """As many clients as environments: none is refused."""
        assert both[PLAIN].rate("/health", seconds=0.2) > 0

    def test_counts_no_failure(self, both: dict[str, Front]) -> None:
        """A quick 404 is no figure."""
        with both[PLAIN].caller() as caller, pytest.raises(RuntimeError, match="answered 404"):
            caller.call_ms("/nothing")
