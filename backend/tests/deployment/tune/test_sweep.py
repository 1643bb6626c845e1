"""Sweeps through the real SDK, against a server that speaks Lambda's protocol."""

from collections.abc import Callable

import boto3
import pytest
from tests.deployment.tune.lambda_api import FUNCTION, Lambda, serving

from deployment.account import Account
from deployment.tune.sweep import Sweep, SweepFailed, swept


def account(url: str, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Return an account whose Lambda is there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-central-1"}
    return Account("1", "aws", "arn:aws:iam::1:user/me", "eu-central-1", boto3.Session(**keys))


def ignore(_: str) -> None:
    """Hear nothing."""


def halves(memory_mb: int) -> float:
    """Return how long code that computes takes."""
    return 102_400 / memory_mb


Sweeping = Callable[[Lambda], list[tuple[int, float, int]]]


@pytest.fixture
def sweeping(monkeypatch: pytest.MonkeyPatch) -> Sweeping:
    """Return what sweeps 512 and 1024 MB, three rounds each, and tells size, p95 and invocations."""

    def sweep(function: Lambda) -> list[tuple[int, float, int]]:
        order = Sweep(FUNCTION, (512, 1024), 3, b"{}")
        found = swept(account(function.url, monkeypatch), order, ignore)
        return [(one.memory_mb, one.p95_ms, one.invocations) for one in found]

    return sweep


class TestSweeping:
    """What a sweep does."""

    def test_measures_each_size(self, sweeping: Sweeping) -> None:
        """Three invocations each, after one that starts an instance."""
        with serving(halves) as function:
            assert [(512, 200.0, 3), (1024, 100.0, 3)] == sweeping(function)
            assert len(function.invoked) == 8

    def test_leaves_nothing_behind(self, sweeping: Sweeping) -> None:
        """Versions it made are gone, those before it stay, and $LATEST has its memory back."""
        with serving(halves) as function:
            sweeping(function)

            assert ({"7": 1024}, 1024) == (function.versions, function.memory_mb)

    def test_leaves_nothing_behind_when_it_fails(self, sweeping: Sweeping) -> None:
        """A function that answers with an error measures nothing, and all is put back."""
        with serving(halves) as function:
            function.fails_at_mb = 512
            with pytest.raises(SweepFailed, match="answered Unhandled"):
                sweeping(function)

            assert ({"7": 1024}, 1024) == (function.versions, function.memory_mb)
