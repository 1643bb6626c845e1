"""One contract for every table of documents: DynamoDB, as the local AWS plays it, over HTTP.

What only the real one does is told by tests/chassis/documents, from a server that speaks its protocol: throttling,
transactions in each other's way, batches done in part. Nothing proves here what an index finds a moment too late.
"""

from contextlib import suppress
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.document_tables.rows import ATTRIBUTES, KEY, OTHER, fill, together

from coachwork.chassis.documents import (
    ABSENT,
    PRESENT,
    Delete,
    Document,
    Expected,
    Key,
    NotAsExpected,
    Put,
    Table,
    Update,
)
from coachwork.chassis.errors import DocumentTooLarge, InvalidRequest

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
