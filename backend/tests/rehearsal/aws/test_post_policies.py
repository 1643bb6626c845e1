"""Posted forms are held to their policy; whole uploads are in tests/contract/blob_stores."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from rehearsal.aws.authorization.post_policies import PolicyRefusal, check

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FIELDS = {"key": "videos/a.mp4", "bucket": "films", "policy": "...", "x-amz-signature": "..."}
CONDITIONS = [{"bucket": "films"}, ["starts-with", "$key", "videos/"]]


def encoded(conditions: list[Any], expiration: str = "2026-11-21T12:05:00Z") -> str:
    """Return a policy as a form carries it."""
    return b64encode(json.dumps({"expiration": expiration, "conditions": conditions}).encode()).decode()


def refusal(policy: str, fields: dict[str, str], size_bytes: int = 1) -> tuple[int, str, str]:
    """Return the status, code and message of what `check` raises."""
    with pytest.raises(PolicyRefusal) as caught:
        check(policy, fields, size_bytes, NOW)
    return caught.value.status, caught.value.code, caught.value.message


class TestCheck:
    """One form and its policy."""

    def test_what_the_policy_allows(self) -> None:
        """Every field is spoken of, each as it should be."""
        check(encoded([*CONDITIONS, ["content-length-range", 1, 9]]), FIELDS, 9, NOW)

    def test_names_in_any_case(self) -> None:
        """Fields are compared as headers are."""
        check(
            encoded([*CONDITIONS, ["eq", "$content-type", "video/mp4"]]),
            {**FIELDS, "Content-Type": "video/mp4"},
            1,
            NOW,
        )

    def test_fields_to_be_ignored(self) -> None:
        """S3 lets a page send what is marked so."""
        check(encoded(CONDITIONS), {**FIELDS, "x-ignore-me": "1"}, 1, NOW)

    def test_time_is_over(self) -> None:
        """An old form uploads nothing."""
        expected = (403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        assert expected == refusal(encoded(CONDITIONS, "2026-11-21T11:59:59Z"), FIELDS)

    def test_another_beginning(self) -> None:
        """`starts-with` is about the beginning."""
        status, code, message = refusal(encoded(CONDITIONS), {**FIELDS, "key": "else/videos/"})
        assert (403, "AccessDenied") == (status, code)
        assert 'Policy Condition failed: ["starts-with", "$key", "videos/"]' in message

    def test_a_field_that_is_missing(self) -> None:
        """A condition on what is not there does not hold."""
        assert 403 == refusal(encoded([*CONDITIONS, {"acl": "private"}]), FIELDS)[0]

    def test_a_field_nobody_spoke_of(self) -> None:
        """It is named."""
        expected = (403, "AccessDenied", "Invalid according to Policy: Extra input fields: acl")
        assert expected == refusal(encoded(CONDITIONS), {**FIELDS, "acl": "public-read"})

    @pytest.mark.parametrize("policy", ["%", "", encoded(CONDITIONS)[:-8], b64encode(b"[]").decode(), encoded([[]])])
    def test_no_policy_at_all(self, policy: str) -> None:
        """What cannot be read allows nothing."""
        assert (400, "InvalidPolicyDocument") == refusal(policy, FIELDS)[:2]
