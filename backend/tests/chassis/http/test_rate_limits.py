"""Rate limits: how much is taken of whom, and what the answers tell of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coachwork.chassis.http.rate_limits import WINDOW_SECONDS, Standing, TokenBuckets
from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected

ME, LOGIN = "/api/v1/users/me", "/api/v1/users/login"


@dataclass
class Clock:
    """A clock that goes when it is told."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


def taken(buckets: TokenBuckets, subject: str = "sam") -> bool:
    """Take a request; return whether it was taken."""
    standing = buckets.take(subject)
    return standing is None or standing.retry_after_seconds == 0


class TestTokenBuckets:
    """Buckets of 60 requests a minute: one a second."""

    @pytest.fixture
    def buckets(self, clock: Clock) -> TokenBuckets:
        """Return the buckets."""
        return TokenBuckets("user", 60, clock=clock)

    def test_a_burst(self, buckets: TokenBuckets) -> None:
        """A full bucket is taken at once, and not one more."""
        assert [*[True] * 60, False] == [taken(buckets) for _ in range(61)]

    def test_refills_evenly(self, buckets: TokenBuckets, clock: Clock) -> None:
        """Two seconds later two more are taken."""
        for _ in range(60):
            taken(buckets)
        clock.now += 2
        assert [True, True, False] == [taken(buckets) for _ in range(3)]

    def test_what_it_tells(self, buckets: TokenBuckets, clock: Clock) -> None:
        """What is left, when it is whole again, and how long to wait when there is nothing."""
        assert Standing("user", 60, 59, 1, 0) == buckets.take("sam")
        for _ in range(59):
            taken(buckets)
        clock.now += 0.25
        assert Standing("user", 60, 0, 60, 1) == buckets.take("sam")

    def test_others_have_their_own(self, buckets: TokenBuckets) -> None:
        """Whoever asks too often spoils it for nobody else."""
        for _ in range(61):
            taken(buckets)
        assert taken(buckets, "kim")

    def test_a_clock_set_back(self, buckets: TokenBuckets, clock: Clock) -> None:
        """Time that runs backwards fills nothing, and takes nothing away."""
        for _ in range(59):
            taken(buckets)
        clock.now -= 3_600
        assert [True, False] == [taken(buckets) for _ in range(2)]

    def test_no_limit(self) -> None:
        """A quota of 0 limits nobody."""
        assert TokenBuckets("user", 0).take("sam") is None

    def test_the_longest_unseen_is_forgotten(self, clock: Clock) -> None:
        """Memory is bounded: of three subjects two are remembered."""
        buckets = TokenBuckets("user", 1, most_subjects=2, clock=clock)
        assert [True, True, False, True] == [taken(buckets, name) for name in ("a", "b", "a", "c")]
        assert [False, True] == [taken(buckets, name) for name in ("a", "b")]

    @given(st.integers(1, 50), st.lists(st.floats(0, 30), min_size=1, max_size=200))
    def test_never_more_than_promised(self, quota: int, pauses: list[float]) -> None:
        """In any time no more is taken than a bucket and what has flowed in since."""
        clock = Clock(0)
        buckets, count = TokenBuckets("user", quota, clock=clock), 0
        for pause in pauses:
            clock.now += pause
            count += taken(buckets)
            assert count <= quota + clock.now * quota / WINDOW_SECONDS + 1e-6


class TestAnswers:
    """What callers meet."""

    @pytest.fixture
    def client(
        self,
        resources: Resources,
        client_for: Callable[..., TestClient],
        sign_in: Callable[[TestClient], dict[str, str]],
    ) -> TestClient:
        """Return a signed-in client where a user has 3 requests a minute, an address 5."""
        settings = resources.settings.model_copy(update={"rate_limit_per_user": 3, "rate_limit_per_address": 5})
        client = client_for(create_app(replace(resources, settings=settings), selected(settings.coachwork_services)))
        client.headers.update(sign_in(client))
        return client

    def test_how_the_caller_stands(self, client: TestClient) -> None:
        """Every answer tells the policies, and what is left of each."""
        headers = client.get(ME).headers
        assert '"address";q=5;w=60, "user";q=3;w=60' == headers["ratelimit-policy"]
        assert '"address";r=4;t=12, "user";r=2;t=20' == headers["ratelimit"]

    def test_without_a_token(self, client: TestClient) -> None:
        """Who is nobody is counted by address alone."""
        refused = client.get(ME, headers={"Authorization": ""})
        assert (401, '"address";q=5;w=60') == (refused.status_code, refused.headers["ratelimit-policy"])

    def test_a_user_who_asks_too_often(self, client: TestClient) -> None:
        """The fourth is refused, with when to come back."""
        refused = [client.get(ME) for _ in range(4)][-1]
        assert (429, "urn:coachwork:problem:too-many-requests") == (refused.status_code, refused.json()["type"])
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert '"user";r=0' in refused.headers["ratelimit"]

    def test_an_address_that_asks_too_often(self, client: TestClient) -> None:
        """The sixth is refused before anything is looked at, whoever asks."""
        answers = [client.post(LOGIN, content=b"{") for _ in range(6)]
        assert [*[422] * 5, 429] == [one.status_code for one in answers]
        assert "retry-after" in answers[-1].headers

    def test_liveness_is_free(self, client: TestClient) -> None:
        """What watches whether the process lives is neither counted nor told."""
        answers = [client.get("/health") for _ in range(7)]
        assert {200} == {one.status_code for one in answers}
        assert "ratelimit" not in answers[0].headers

    def test_a_page_may_read_them(self, resources: Resources, client_for: Callable[..., TestClient]) -> None:
        """A front end of another origin sees the headers, also of a refusal."""
        settings = resources.settings.model_copy(
            update={"rate_limit_per_address": 1, "cors_origins": ("https://app.example.com",)}
        )
        client = client_for(create_app(replace(resources, settings=settings), selected(settings.coachwork_services)))
        refused = [client.get(ME, headers={"Origin": "https://app.example.com"}) for _ in range(2)][-1]
        assert 429 == refused.status_code
        assert "https://app.example.com" == refused.headers["access-control-allow-origin"]
        assert {"RateLimit", "Retry-After"} <= set(refused.headers["access-control-expose-headers"].split(", "))
