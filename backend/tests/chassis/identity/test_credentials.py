"""What an e-mail address and a password must look like."""

import pytest

from coachwork.chassis.identity.credentials import is_acceptable_password, normalised_email


class TestEmail:
    """Addresses."""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("Sam@Example.COM", "sam@example.com"),
            ("sam+gym@example.co.uk", "sam+gym@example.co.uk"),
            ("o'brien@x", "o'brien@x"),
            (f"{'a' * 185}@{'b' * 63}.org", f"{'a' * 185}@{'b' * 63}.org"),
        ],
    )
    def test_is_lower_case(self, given: str, kept: str) -> None:
        """Spelling in capitals is no second account."""
        assert kept == normalised_email(given)

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "@",
            "sam",
            "sam@",
            "@example.com",
            "a b@example.com",
            "a@b@c",
            "a@-b.com",
            "a@b..c",
            "a@b.",
            "é@example.com",
            "sam@example.com\n",
            "sam@example.com\x00",
            f"{'a' * 250}@x.org",
            f"a@{'b' * 64}.com",
        ],
    )
    def test_refused(self, given: str) -> None:
        """What no browser accepts as an address is none."""
        with pytest.raises(ValueError, match="must be an e-mail address"):
            normalised_email(given)


class TestPassword:
    """The password policy."""

    @pytest.mark.parametrize("password", ["ten chars!", "x" * 200, "пароль-пароль", " leading and trailing "])
    def test_accepted(self, password: str) -> None:
        """Ten to two hundred characters of any kind will do."""
        assert is_acceptable_password(password)

    @pytest.mark.parametrize("password", ["", "nine char", "x" * 201, "with a \x00 byte", "with a \ud800 surrogate"])
    def test_refused(self, password: str) -> None:
        """Shorter, longer, or with characters nobody can type."""
        assert not is_acceptable_password(password)
