"""What deleting a row costs: whoever refers to it is found by an index, and not by reading a table of everybody's."""

import psycopg
from tests.conftest import TestDatabase

_UNAIDED = """
    select conrelid::regclass::text || ' ' || pg_get_constraintdef(pg_constraint.oid)
    from pg_constraint
    where contype = 'f' and connamespace::regnamespace::text in ('public', 'auth', 'coachwork')
      and not exists (
        select from pg_index
        where indrelid = conrelid and indkey[0] = any(conkey))
    order by 1"""


class TestForeignKeys:
    """Every foreign key there is."""

    def test_each_has_an_index_that_begins_with_a_column_of_it(self, test_database: TestDatabase) -> None:
        """With any of them: each is an id of a few rows."""
        with psycopg.connect(test_database.owner_url) as connection:
            assert [] == [found for (found,) in connection.execute(_UNAIDED)]
