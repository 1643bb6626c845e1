"""Many writes as one, and what may not be written: one contract for every table of documents."""

from collections.abc import Callable

import pytest
from tests.contract.document_tables.rows import KEY, OTHER, fill, together
from tests.document_tables import DocumentStage

from coachwork.chassis.documents import ABSENT, PRESENT, Check, Delete, Key, NotAsExpected, Put, Table, Update, Write
from coachwork.chassis.errors import DocumentStoreUnavailable, DocumentTooLarge


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
