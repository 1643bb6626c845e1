"""Documents in their order: one contract for every table of documents."""

import pytest
from tests.contract.document_tables.rows import fill

from coachwork.chassis.documents import Delete, Key, Table
from coachwork.chassis.errors import InvalidRequest


class TestGetMany:
    """Several by their keys."""

    def test_in_the_order_asked(self, table: Table) -> None:
        """Over several requests' worth, with those that are missing left out."""
        sorts = [f"{number:03}" for number in range(230)]
        fill(table, sorts[:229])
        wanted = [Key("OWNER#1", sort) for sort in reversed(sorts)]
        assert wanted[1:] == [found.key for found in table.get_many(wanted)]

    def test_of_none(self, table: Table) -> None:
        """Nothing is asked of nothing."""
        assert [] == table.get_many([])


class TestQuery:
    """A partition in order."""

    def test_by_sort_key(self, table: Table) -> None:
        """Only this partition's, in the order of bytes, both ways."""
        fill(table, ["b", "a", "ä", "C"])
        fill(table, ["x"], partition="OWNER#2")
        expected = ["C", "a", "b", "ä"]
        assert expected == [one.key.sort for one in table.query("OWNER#1", limit=10).documents]
        down = table.query("OWNER#1", limit=10, descending=True)
        assert expected[::-1] == [one.key.sort for one in down.documents]

    def test_keeps_to_the_prefix(self, table: Table) -> None:
        """Other kinds of documents of the partition are not read."""
        fill(table, ["COLL#1", "DOC#1", "DOC#2", "HASH#1"])
        page = table.query("OWNER#1", prefix="DOC#", limit=10)
        assert (["DOC#1", "DOC#2"], None) == ([one.key.sort for one in page.documents], page.next_after)

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
    def test_pages_cover_everything_once(self, table: Table, limit: int, descending: bool) -> None:
        """Each begins where the last one ended; the last one says that it is."""
        sorts = [f"DOC#{number}" for number in range(7)]
        fill(table, sorts)
        found: list[str] = []
        after: str | None = None
        for _ in range(-(-7 // limit)):
            page = table.query("OWNER#1", prefix="DOC#", limit=limit, after=after, descending=descending)
            found += [one.key.sort for one in page.documents]
            after = page.next_after
        assert (sorts[::-1] if descending else sorts, None) == (found, after)

    def test_goes_on_after_what_is_gone(self, table: Table) -> None:
        """A cursor outlives its document."""
        fill(table, ["a", "b", "c"])
        after = table.query("OWNER#1", limit=2).next_after
        table.write(Delete(Key("OWNER#1", "b")))
        assert ["c"] == [one.key.sort for one in table.query("OWNER#1", limit=2, after=after).documents]

    def test_filters_fill_the_page(self, table: Table) -> None:
        """As many are read as it takes, and the next page begins after the last one returned."""
        for number in range(30):
            fill(table, [f"{number:02}"], state="indexed" if number % 10 == 9 else "failed", reason=None)
        first = table.query("OWNER#1", limit=2, where={"state": "indexed", "reason": None})
        second = table.query("OWNER#1", limit=2, where={"state": "indexed"}, after=first.next_after)
        assert (["09", "19"], ["29"]) == tuple([one.key.sort for one in page.documents] for page in (first, second))
        assert ("19", None) == (first.next_after, second.next_after)

    def test_reads_more_than_one_answer_holds(self, table: Table) -> None:
        """An answer of DynamoDB ends after a megabyte."""
        fill(table, [f"{number}" for number in range(8)], text="x" * 300_000)
        assert 8 == len(table.query("OWNER#1", limit=8).documents)

    def test_refuses_another_lists_cursor(self, table: Table) -> None:
        """Before the engine does, in words of its own."""
        with pytest.raises(InvalidRequest):
            table.query("OWNER#1", prefix="DOC#", after="COLL#1", limit=1)

    @pytest.mark.parametrize("limit", [0, 1_001])
    def test_refuses_other_limits(self, table: Table, limit: int) -> None:
        """A programmer's mistake is not the caller's."""
        with pytest.raises(ValueError, match="1 to 1,000"):
            table.query("OWNER#1", limit=limit)


class TestQueryIndex:
    """By a global index."""

    def test_finds_across_partitions(self, table: Table) -> None:
        """Those that have the value, as many as wanted; what lacks the attribute is not in the index."""
        for owner in range(3):
            fill(table, ["DOC#1"], partition=f"OWNER#{owner}", file_hash="abc")
        fill(table, ["DOC#2"])
        fill(table, ["DOC#3"], file_hash="def")
        found = table.query_index("FileHashIndex", "abc", limit=10)
        assert {f"OWNER#{owner}" for owner in range(3)} == {one.key.partition for one in found}
        assert {"sort": "DOC#1", "file_hash": "abc"} == found[0].attributes
        assert 2 == len(table.query_index("FileHashIndex", "abc", limit=2))
