"""Hashes of passwords."""

from coachwork.chassis.identity.passwords import Passwords

WEAKER = Passwords(memory_kib=64, passes=1, lanes=1)


class TestPasswords:
    """Hashing and verifying."""

    def test_matches(self) -> None:
        """A password matches its own hash alone."""
        encoded = WEAKER.hash("correct horse")

        assert [True, False] == [WEAKER.matches(encoded, given) for given in ("correct horse", "wrong horse")]

    def test_salts(self) -> None:
        """Equal passwords have different hashes."""
        assert WEAKER.hash("correct horse") != WEAKER.hash("correct horse")

    def test_nobody(self) -> None:
        """Without a hash nothing matches, and a hash of the same cost is computed all the same."""
        assert not WEAKER.matches(None, "correct horse")
        assert not WEAKER.is_outdated(WEAKER._nobodys_hash)

    def test_no_hash(self) -> None:
        """An account without a usable hash, one made by another provider, lets nobody in."""
        assert [False, False] == [WEAKER.matches(encoded, "") for encoded in ("", "plain")]

    def test_outdated(self) -> None:
        """A hash made with other parameters is to be renewed."""
        encoded = WEAKER.hash("correct horse")

        assert [False, True] == [one.is_outdated(encoded) for one in (WEAKER, Passwords())]
