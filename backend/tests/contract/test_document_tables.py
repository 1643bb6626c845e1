"""One contract for every table of documents: DynamoDB, as the local AWS plays it, over HTTP.

What only the real one does is told by tests/chassis/documents, from a server that speaks its protocol: throttling,
transactions in each other's way, batches done in part. Nothing proves here what an index finds a moment too late.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.document_tables import DocumentStage

from coachwork.chassis.documents import (
    ABSENT,
    PRESENT,
    Check,
    Delete,
    Document,
    Expected,
    Key,
    NotAsExpected,
    Put,
    Table,
    Update,
    Write,
)
from coachwork.chassis.errors import DocumentStoreUnavailable, DocumentTooLarge, InvalidRequest

KEY = Key("OWNER#1", "DOC#1")
OTHER = Key("OWNER#1", "DOC#2")
ATTRIBUTES: dict[str, Any] = {"name": "Lease.pdf", "status": "queued", "size": 12, "tags": ["a", "b"]}
DEEP: Any = reduce(lambda inner, _: [inner], range(40), "deep")

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**37), 10**37)
    | st.floats(1e-100, 1e100)
    | st.floats(-1e100, -1e-100)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc #:", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def table(tables: Callable[[str], Table]) -> Table:
    """Return the table under test, empty."""
    return tables("documents")


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Do something in so many threads at once; return what came of each, its error where it failed."""

    def attempt(number: int) -> object:
        try:
            return work(number)
        except NotAsExpected as refusal:
            return refusal

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(attempt, range(count)))


def fill(table: Table, sorts: Sequence[str], partition: str = "OWNER#1", **attributes: Any) -> None:
    """Store a document under each sort key."""
    for sort in sorts:
        table.write(Put(Key(partition, sort), {"sort": sort, **attributes}))


class TestGet:
    """One document by its key."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.dictionaries(st.text("abc #:.", min_size=1).filter(lambda name: name not in ("pk", "sk")), VALUES))
    def test_returns_what_was_stored(self, table: Table, attributes: dict[str, Any]) -> None:
        """Every attribute equals what was written, whatever its name."""
        table.write(Put(KEY, attributes))
        assert Document(KEY, attributes) == table.get(KEY)

    @pytest.mark.parametrize("value", [0, -1, 1.5, 1e37, 1e38, 5e-130, 9.9e125, 10**38 - 1, 0.1 + 0.2, 2.0, True])
    def test_numbers_are_exact(self, table: Table, value: float) -> None:
        """None is rounded, and whole ones come back whole."""
        table.write(Put(KEY, {"number": value}))
        found = table.get(KEY)
        assert found is not None
        assert value == found.attributes["number"]
        assert isinstance(value, bool) == isinstance(found.attributes["number"], bool)

    def test_of_nothing(self, table: Table) -> None:
        """An absent document is None."""
        assert table.get(KEY) is None

    @pytest.mark.parametrize("key", [Key("", "a"), Key("a", ""), Key("a", "x" * 1_025), Key("ü" * 1_025, "a")])
    def test_of_a_key_that_none_can_have(self, table: Table, key: Key) -> None:
        """Whoever sent it hears so."""
        with pytest.raises(InvalidRequest):
            table.get(key)


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


class TestPut:
    """Storing whole documents."""

    def test_replaces(self, table: Table) -> None:
        """Nothing of what was there stays."""
        table.write(Put(KEY, {"a": 1}))
        assert table.write(Put(KEY, {"b": 2})) is None
        assert Document(KEY, {"b": 2}) == table.get(KEY)

    def test_once_for_all(self, table: Table) -> None:
        """Who comes second hears what is there, and changes nothing."""
        table.write(Put(KEY, ATTRIBUTES, ABSENT))
        with pytest.raises(NotAsExpected) as refusal:
            table.write(Put(KEY, {}, ABSENT))
        assert (0, Document(KEY, ATTRIBUTES)) == (refusal.value.index, refusal.value.found)
        assert Document(KEY, ATTRIBUTES) == table.get(KEY)

    def test_of_several_at_once_one_wins(self, table: Table) -> None:
        """A claim is one's own, however many reach for it."""
        came = together(12, lambda number: table.write(Put(KEY, {"by": number}, ABSENT)))
        stored = table.get(KEY)
        assert stored is not None
        assert [stored.attributes["by"]] == [number for number, one in enumerate(came) if one is None]

    def test_a_claim_that_expired_is_none(self, table: Table) -> None:
        """It may be taken from the second on in which it ends, and not before."""
        table.write(Put(KEY, {"by": 1, "expires_at": 1_000}))
        with pytest.raises(NotAsExpected):
            table.write(Put(KEY, {"by": 2}, Expected(exists=False, unless_after=("expires_at", 999))))
        table.write(Put(KEY, {"by": 3}, Expected(exists=False, unless_after=("expires_at", 1_000))))
        assert Document(KEY, {"by": 3}) == table.get(KEY)

    def test_a_claim_for_good_never_expires(self, table: Table) -> None:
        """One without a time is not one of long ago."""
        table.write(Put(KEY, {"by": 1, "expires_at": None}))
        with pytest.raises(NotAsExpected):
            table.write(Put(KEY, {}, Expected(exists=False, unless_after=("expires_at", 2**40))))

    @pytest.mark.parametrize(
        "value",
        [float("nan"), float("inf"), 1e126, 1e-131, 10**38, "half \ud800", {"\udfff": 1}, DEEP],
        ids=["nan", "infinite", "large", "small", "39 digits", "half a character", "in a name", "deep"],
    )
    def test_what_no_table_can_hold(self, table: Table, value: Any) -> None:
        """Whoever sent it hears so; nothing is stored."""
        with pytest.raises(InvalidRequest):
            table.write(Put(KEY, {"value": value}))
        assert table.get(KEY) is None

    def test_too_much(self, table: Table) -> None:
        """One document holds 400 KB; a caller hears 413."""
        with pytest.raises(DocumentTooLarge):
            table.write(Put(KEY, {"text": "x" * 410_000}))


class TestUpdate:
    """Changing what is there."""

    def test_changes_attributes(self, table: Table) -> None:
        """Sets, counts and removes, leaves the others, and returns the document as it is now."""
        table.write(Put(KEY, {**ATTRIBUTES, "old": 1, "version": 4}))
        changed = table.write(
            Update(KEY, set={"status": "parsing", "name": ""}, add={"version": 1, "pages": 2}, remove=["old", "none"])
        )
        expected = Document(KEY, {**ATTRIBUTES, "status": "parsing", "name": "", "version": 5, "pages": 2})
        assert (expected, expected) == (changed, table.get(KEY))

    def test_of_nothing(self, table: Table) -> None:
        """What is not there is not made by a change of it."""
        with pytest.raises(NotAsExpected) as refusal:
            table.write(Update(KEY, set={"a": 1}))
        assert refusal.value.found is None
        assert table.get(KEY) is None

    def test_of_another_version(self, table: Table) -> None:
        """Who read an older one hears which there is."""
        table.write(Put(KEY, {"version": 2, "owner": None}))
        with pytest.raises(NotAsExpected) as refusal:
            table.write(Update(KEY, set={"version": 2}, expected=Expected(attributes={"version": 1})))
        assert Document(KEY, {"version": 2, "owner": None}) == refusal.value.found

    @pytest.mark.parametrize(("expected", "fits"), [({"a": None}, True), ({"b": None}, False), ({"a": 0}, False)])
    def test_none_is_a_value(self, table: Table, expected: dict[str, Any], fits: bool) -> None:
        """It is neither absent nor nought."""
        table.write(Put(KEY, {"a": None}))
        with suppress(NotAsExpected):
            table.write(Update(KEY, set={"done": True}, expected=Expected(attributes=expected)))
        found = table.get(KEY)
        assert found is not None
        assert fits == ("done" in found.attributes)

    def test_counts_what_all_add(self, table: Table) -> None:
        """No addition is lost among several."""
        table.write(Put(KEY, {}))
        together(12, lambda _: table.write(Update(KEY, add={"count": 1})))
        assert Document(KEY, {"count": 12}) == table.get(KEY)

    def test_of_several_with_one_version_one_wins(self, table: Table) -> None:
        """Optimistic locks hold."""
        table.write(Put(KEY, {"version": 1}))
        lock = Expected(attributes={"version": 1})
        came = together(8, lambda by: table.write(Update(KEY, set={"by": by}, add={"version": 1}, expected=lock)))
        assert 7 == sum(isinstance(one, NotAsExpected) for one in came)
        assert table.get(KEY) == next(one for one in came if isinstance(one, Document))


class TestDelete:
    """Removing one."""

    def test_removes(self, table: Table) -> None:
        """It is gone; a second time is fine."""
        fill(table, ["DOC#1"])
        for _ in range(2):
            table.write(Delete(KEY))
        assert table.get(KEY) is None

    def test_of_what_was_expected(self, table: Table) -> None:
        """Somebody else's later version stays."""
        table.write(Put(KEY, {"version": 2}))
        with pytest.raises(NotAsExpected):
            table.write(Delete(KEY, Expected(attributes={"version": 1})))
        with pytest.raises(NotAsExpected):
            table.write(Delete(OTHER, PRESENT))
        assert Document(KEY, {"version": 2}) == table.get(KEY)


class TestTransact:
    """All or none."""

    def test_all(self, table: Table) -> None:
        """Every kind of write in one."""
        fill(table, ["gone", "there", "changed"])
        keys = {name: Key("OWNER#1", name) for name in ("gone", "there", "changed", "new")}
        table.transact(
            [
                Put(keys["new"], {"a": 1}, ABSENT),
                Update(keys["changed"], add={"count": 3}),
                Delete(keys["gone"]),
                Check(keys["there"], PRESENT),
            ]
        )
        stored = [found.key.sort for found in table.get_many(list(keys.values()))]
        assert ["there", "changed", "new"] == stored

    def test_none(self, table: Table) -> None:
        """The first that found something else is named, with what it found; the others did not happen."""
        fill(table, ["DOC#2", "DOC#3"])
        before = table.query("OWNER#1", limit=10)
        writes: list[Write] = [
            Put(KEY, {}),
            Delete(OTHER, PRESENT),
            Check(Key("OWNER#1", "DOC#3"), ABSENT),
            Check(Key("OWNER#1", "DOC#4"), PRESENT),
        ]
        with pytest.raises(NotAsExpected) as refusal:
            table.transact(writes)
        assert (2, before.documents[1]) == (refusal.value.index, refusal.value.found)
        assert before == table.query("OWNER#1", limit=10)

    def test_a_check_alone(self, table: Table) -> None:
        """It may be asked for as any other write."""
        with pytest.raises(NotAsExpected):
            table.write(Check(KEY, PRESENT))

    def test_of_several_at_once_one_wins(self, table: Table) -> None:
        """With all it wrote, and nothing of the others."""

        def claim(number: int) -> None:
            table.transact(
                [Put(Key("OWNER#1", f"DOC#{number}"), {}), Put(Key("OWNER#1", "HASH"), {"by": number}, ABSENT)]
            )

        together(8, claim)
        sorts = [one.key.sort for one in table.query("OWNER#1", limit=10).documents]
        claimed = table.get(Key("OWNER#1", "HASH"))
        assert claimed is not None
        assert [f"DOC#{claimed.attributes['by']}", "HASH"] == sorts

    def test_too_much(self, table: Table) -> None:
        """As alone."""
        with pytest.raises(DocumentTooLarge):
            table.transact([Put(KEY, {"text": "x" * 410_000})])

    @pytest.mark.parametrize(
        "writes", [[], [Put(KEY, {}), Delete(KEY)], [Delete(Key("a", str(n))) for n in range(101)]]
    )
    def test_what_no_transaction_can_do(self, table: Table, writes: list[Write]) -> None:
        """A programmer's mistake is not the caller's."""
        with pytest.raises(ValueError, match="1 to 100 writes"):
            table.transact(writes)

    def test_a_hundred(self, table: Table) -> None:
        """As many as there may be."""
        table.transact([Put(Key("OWNER#1", f"{number:03}"), {}) for number in range(100)])
        assert 100 == len(table.query("OWNER#1", limit=1_000).documents)


class TestDeleteMany:
    """Removing many."""

    def test_removes_those_and_no_others(self, table: Table) -> None:
        """More than one request takes; those that are not there, and those named twice, are no error."""
        fill(table, [f"{number:02}" for number in range(60)])
        keys = [Key("OWNER#1", f"{number:02}") for number in range(1, 70)]
        table.delete_many([*keys, *keys])
        assert ["00"] == [one.key.sort for one in table.query("OWNER#1", limit=100).documents]


class TestRights:
    """What a role may not do is a 503 and a line in the log that names the action, never the caller's to read."""

    @pytest.mark.parametrize(
        ("use", "action"),
        [
            (lambda table: table.get(KEY), "dynamodb:GetItem"),
            (lambda table: table.get_many([KEY]), "dynamodb:BatchGetItem"),
            (lambda table: table.query("a", limit=1), "dynamodb:Query"),
            (lambda table: table.query_index("FileHashIndex", "a", limit=1), "dynamodb:Query"),
            (lambda table: table.write(Put(KEY, {})), "dynamodb:PutItem"),
            (lambda table: table.write(Update(KEY, set={"a": 1})), "dynamodb:UpdateItem"),
            (lambda table: table.write(Delete(KEY)), "dynamodb:DeleteItem"),
            (lambda table: table.transact([Put(KEY, {})]), "dynamodb:TransactWriteItems"),
            (lambda table: table.delete_many([KEY]), "dynamodb:BatchWriteItem"),
        ],
    )
    def test_a_role_without_rights(
        self, documents: DocumentStage, use: Callable[[Table], object], action: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Of each method."""
        powerless = documents.as_role(
            "documents", {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
        )
        with pytest.raises(DocumentStoreUnavailable) as refusal:
            use(powerless)
        told = [(one.operation, one.code) for one in caplog.records if one.name == "coachwork"]
        assert [(action, "AccessDeniedException")] == told
        assert "The document store is unavailable" == refusal.value.detail

    def test_another_table_is_not_ours(self, documents: DocumentStage) -> None:
        """A role for one is none for the other."""
        allowed = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": documents.arn("chat-history")}
        assert documents.as_role("chat-history", allowed).get(KEY) is None
        with pytest.raises(DocumentStoreUnavailable):
            documents.as_role("documents", allowed).get(KEY)
