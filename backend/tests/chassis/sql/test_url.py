"""Database URLs, as people paste them."""

import pytest

from coachwork.chassis.sql.url import normalised_database_url


class TestNormalised:
    """normalised_database_url."""

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("postgres://u:p@h:5432/d", "postgresql://u:p@h:5432/d"),
            ("postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d"),
            ("postgresql+psycopg2://u:p@h/d", "postgresql://u:p@h/d"),
            ("  postgresql://u:p@h/d\n", "postgresql://u:p@h/d"),
            ("postgresql://u:p@h/d?pgbouncer=true&sslmode=require", "postgresql://u:p@h/d?sslmode=require"),
            ("postgresql://u:p@ss#w/rd@h/d", "postgresql://u:p%40ss%23w%2Frd@h/d"),
            ("postgresql://u:already%40escaped@h/d", "postgresql://u:already%40escaped@h/d"),
            ("postgresql://postgres.ref:p@pooler:6543/postgres", "postgresql://postgres.ref:p@pooler:6543/postgres"),
            ("postgresql://u:p@[::1]:5432/d", "postgresql://u:p@[::1]:5432/d"),
        ],
    )
    def test_usual_spellings_become_one(self, given: str, expected: str) -> None:
        """Each usual spelling is understood."""
        assert normalised_database_url(given) == expected

    @pytest.mark.parametrize(
        "given",
        [
            "mysql://u:p@h/d",
            "h:5432/d",
            "postgresql://u:p@h",
            "postgresql:///d",
            "postgresql://u:[YOUR-PASSWORD]@h/d",
            "postgresql://u:p@h:99999/d",
            "postgresql://u:p@h:port/d",
        ],
    )
    def test_what_cannot_connect_is_refused(self, given: str) -> None:
        """A URL that could never work is refused before anything connects."""
        with pytest.raises(ValueError, match=r"wants|placeholder"):
            normalised_database_url(given)
