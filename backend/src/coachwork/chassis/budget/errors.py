"""What a budget refuses.

TooManyRequests                 429
└── TokenBudgetSpent
DependencyError                 503
└── DailyCeilingReached
"""

from coachwork.chassis.errors import DependencyError, TooManyRequests

DAY_SECONDS = 86_400


class TokenBudgetSpent(TooManyRequests):
    """The caller's tokens of today do not suffice for the call; says how many there are, and when there are more.

    Args:
        limit, remaining: tokens of the day, and those that neither were used nor are reserved.
        wanted: what the call may come to use.
        retry_after_seconds: until midnight, UTC.
    """

    slug = "token-budget-spent"
    title = "Your tokens for today are used up"

    def __init__(self, *, limit: int, remaining: int, wanted: int, retry_after_seconds: int) -> None:
        super().__init__(
            retry_after_seconds,
            f"Of {limit:,} tokens a day {remaining:,} are left, and this may need {wanted:,}."
            " They are counted anew from midnight, UTC",
        )
        self.limit = limit
        self.remaining = remaining

    @property
    def headers(self) -> dict[str, str]:
        """What is left and of how much. Source: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4."""
        return {
            **super().headers,
            "RateLimit-Policy": f'"tokens";q={self.limit};w={DAY_SECONDS}',
            "RateLimit": f'"tokens";r={self.remaining};t={self.retry_after_seconds}',
        }


class DailyCeilingReached(DependencyError):
    """All users together have used what this deployment allows a day; how much that is stays its owner's business."""

    slug = "daily-ceiling-reached"
    title = "All of today's answers are used up: there are more from midnight, UTC"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = max(1, retry_after_seconds)

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110: whole seconds until the next try can succeed."""
        return {"Retry-After": str(self.retry_after_seconds)}
