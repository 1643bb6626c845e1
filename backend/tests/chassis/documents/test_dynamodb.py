"""What only the real DynamoDB does: too much at once, work done in part, answers lost on the way."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from tests.dynamodb_server import LOST, Answer, ScriptedDynamoDB, cancelled, error
from tests.roles import session_with

from coachwork.chassis.documents import ABSENT, Document, Expected, Key, NotAsExpected, Put, Update
from coachwork.chassis.documents.dynamodb import DynamoDBTable, dynamodb_client
from coachwork.chassis.errors import DocumentStoreUnavailable, DocumentTooLarge

KEY = Key("OWNER#1", "DOC#1")
STORED = {"pk": {"S": "OWNER#1"}, "sk": {"S": "DOC#1"}, "by": {"N": "7"}}
OTHERS = {**STORED, "by": {"N": "8"}}
DONE: Answer = (200, {})
Telling = Callable[..., tuple[DynamoDBTable, ScriptedDynamoDB]]


@pytest.fixture
def waits() -> list[float]:
    """Return the pauses that were made, which take no time."""
    return []


@pytest.fixture
def telling(waits: list[float]) -> Iterator[Telling]:
    """Return a maker of tables whose engine says what it is told to."""
    with ExitStack() as stack:

        def make(*answers: Answer) -> tuple[DynamoDBTable, ScriptedDynamoDB]:
            script = stack.enter_context(ScriptedDynamoDB(*answers).running())
            client = dynamodb_client("eu-central-1", session=session_with("key", "secret"), endpoint_url=script.url)
            stack.callback(client.close)
            return DynamoDBTable(client, "papers", indexes={"ByHash": "file_hash"}, wait=waits.append), script

        yield make


def keys_of(request: dict[str, Any]) -> list[str]:
    """Return the sort keys a batch asks for."""
    return [key["sk"]["S"] for key in request["RequestItems"]["papers"]["Keys"]]


class TestThrottling:
    """More is asked for than there is."""

    @pytest.mark.parametrize(
        "code", ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]
    )
    def test_passes(self, telling: Telling, code: str) -> None:
        """The SDK asks again."""
        table, script = telling(error(code), (200, {"Item": STORED}))
        assert Document(KEY, {"by": 7}) == table.get(KEY)
        assert ["GetItem"] * 2 == script.operations

    def test_lasts(self, telling: Telling, caplog: pytest.LogCaptureFixture) -> None:
        """Patience has an end, after three attempts; the log tells a full engine from a refusal."""
        table, script = telling(error("ThrottlingException"))
        with pytest.raises(DocumentStoreUnavailable):
            table.get(KEY)
        assert ["GetItem"] * 3 == script.operations
        told = [(one.levelname, one.code) for one in caplog.records if one.name == "coachwork"]
        assert [("WARNING", "ThrottlingException")] == told

    def test_the_engine_fails(self, telling: Telling) -> None:
        """So does what the engine itself calls its fault."""
        table, _ = telling(error("InternalServerError", status=500))
        with pytest.raises(DocumentStoreUnavailable):
            table.write(Put(KEY, {}))

    def test_nobody_answers(self) -> None:
        """A port nobody listens on is the engine's failure."""
        session = session_with("key", "secret")
        client = dynamodb_client("eu-central-1", session=session, endpoint_url="http://127.0.0.1:9")
        with pytest.raises(DocumentStoreUnavailable):
            DynamoDBTable(client, "papers").get(KEY)


class TestDenial:
    """What the deployment got wrong."""

    @pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"])
    def test_is_logged_by_action(self, telling: Telling, code: str, caplog: pytest.LogCaptureFixture) -> None:
        """The log names action and code; the caller reads neither, nor the engine's words."""
        table, script = telling(error(code, "User: arn:aws:sts::1:assumed-role/x is not authorized"))
        with pytest.raises(DocumentStoreUnavailable) as refusal:
            table.query("OWNER#1", limit=1)
        assert "The document store is unavailable" == refusal.value.detail
        assert ["Query"] == script.operations
        told = [(one.levelname, one.operation, one.code) for one in caplog.records if one.name == "coachwork"]
        assert [("ERROR", "dynamodb:Query", code)] == told


class TestBatches:
    """Work that is done in part."""

    def test_reading_goes_on_with_the_rest(self, telling: Telling, waits: list[float]) -> None:
        """What was not read is asked for again, after a pause."""
        rest = {"papers": {"Keys": [{"pk": {"S": "OWNER#1"}, "sk": {"S": "DOC#2"}}], "ConsistentRead": True}}
        second = {**STORED, "sk": {"S": "DOC#2"}}
        table, script = telling(
            (200, {"Responses": {"papers": [STORED]}, "UnprocessedKeys": rest}),
            (200, {"Responses": {"papers": [second]}, "UnprocessedKeys": {}}),
        )
        found = table.get_many([Key("OWNER#1", "DOC#2"), KEY])
        assert ["DOC#2", "DOC#1"] == [one.key.sort for one in found]
        assert [["DOC#2", "DOC#1"], ["DOC#2"]] == [keys_of(request) for _, request in script.asked]
        assert 0 == waits[0] < waits[1]

    def test_reading_ends(self, telling: Telling) -> None:
        """What is never read is not taken for absent."""
        rest = {"papers": {"Keys": [{"pk": {"S": "OWNER#1"}, "sk": {"S": "DOC#1"}}]}}
        table, script = telling((200, {"Responses": {}, "UnprocessedKeys": rest}))
        with pytest.raises(DocumentStoreUnavailable):
            table.get_many([KEY])
        assert 6 == len(script.asked)

    def test_removing_goes_on_with_the_rest(self, telling: Telling) -> None:
        """So with what was not removed."""
        rest = {"papers": [{"DeleteRequest": {"Key": {"pk": {"S": "OWNER#1"}, "sk": {"S": "DOC#1"}}}}]}
        table, script = telling((200, {"UnprocessedItems": rest}), DONE)
        table.delete_many([KEY, Key("OWNER#1", "DOC#2")])
        assert [2, 1] == [len(request["RequestItems"]["papers"]) for _, request in script.asked]

    def test_removing_ends(self, telling: Telling) -> None:
        """What stays is not called gone."""
        rest = {"papers": [{"DeleteRequest": {"Key": {"pk": {"S": "OWNER#1"}, "sk": {"S": "DOC#1"}}}}]}
        table, _ = telling((200, {"UnprocessedItems": rest}))
        with pytest.raises(DocumentStoreUnavailable):
            table.delete_many([KEY])


class TestConflicts:
    """Others write the same at the same time."""

    @pytest.mark.parametrize(
        "answer",
        [
            cancelled(None, "TransactionConflict"),
            cancelled("ThrottlingError", None),
            cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
        ],
    )
    def test_a_transaction_waits(self, telling: Telling, answer: Answer, waits: list[float]) -> None:
        """It is tried again, as another one: the one before is done with."""
        table, script = telling(answer, DONE)
        table.transact([Put(KEY, {}), Put(Key("a", "b"), {})])
        assert ["TransactWriteItems"] * 2 == script.operations
        assert 2 == len({request["ClientRequestToken"] for _, request in script.asked})
        assert 2 == len(waits)

    def test_one_write_waits(self, telling: Telling) -> None:
        """So does a write that a transaction stands in the way of."""
        table, script = telling(error("TransactionConflictException"), DONE)
        table.write(Put(KEY, {}))
        assert ["PutItem"] * 2 == script.operations

    def test_for_ever(self, telling: Telling) -> None:
        """Not so long: a retry may find the way free."""
        table, script = telling(cancelled("TransactionConflict"))
        with pytest.raises(DocumentStoreUnavailable):
            table.transact([Put(KEY, {})])
        assert 6 == len(script.asked)

    def test_what_is_not_as_expected_never_will_be(self, telling: Telling) -> None:
        """A conflict beside it is not waited for."""
        table, script = telling(cancelled("TransactionConflict", "ConditionalCheckFailed", Item=OTHERS))
        with pytest.raises(NotAsExpected) as refusal:
            table.transact([Put(Key("a", "b"), {}), Put(KEY, {}, ABSENT)])
        assert (1, Document(KEY, {"by": 8})) == (refusal.value.index, refusal.value.found)
        assert 1 == len(script.asked)

    def test_too_large_in_a_transaction(self, telling: Telling) -> None:
        """The reason of one part is the whole's."""
        answer = error(
            "TransactionCanceledException",
            CancellationReasons=[
                {"Code": "ValidationError", "Message": "Item size to update has exceeded the maximum allowed size"}
            ],
        )
        table, _ = telling(answer)
        with pytest.raises(DocumentTooLarge):
            table.transact([Update(KEY, set={"text": "more"})])


class TestLostAnswers:
    """A write that was done, and nobody heard."""

    def test_of_a_claim_of_ones_own(self, telling: Telling) -> None:
        """The second attempt finds what the first one stored: it is ours."""
        table, script = telling(LOST, error("ConditionalCheckFailedException", Item=STORED))
        table.write(Put(KEY, {"by": 7}, ABSENT))
        assert ["PutItem"] * 2 == script.operations

    def test_of_somebody_elses(self, telling: Telling) -> None:
        """What another one stored meanwhile is theirs."""
        table, _ = telling(LOST, error("ConditionalCheckFailedException", Item=OTHERS))
        with pytest.raises(NotAsExpected):
            table.write(Put(KEY, {"by": 7}, ABSENT))

    def test_without_a_loss(self, telling: Telling) -> None:
        """The same document, found at the first attempt, was stored by another call."""
        table, _ = telling(error("ConditionalCheckFailedException", Item=STORED))
        with pytest.raises(NotAsExpected):
            table.write(Put(KEY, {"by": 7}, ABSENT))

    def test_of_a_transaction(self, telling: Telling) -> None:
        """The SDK repeats it under its token, by which DynamoDB knows it."""
        table, script = telling(LOST, DONE)
        table.transact([Put(KEY, {}, ABSENT)])
        assert 1 == len({request["ClientRequestToken"] for _, request in script.asked})


class TestQuery:
    """How much is read."""

    def test_of_filtered_documents_has_an_end(self, telling: Telling) -> None:
        """After 10,000 the page is as full as it is, and says where the next one begins."""
        last = {"pk": {"S": "OWNER#1"}, "sk": {"S": "DOC#9"}}
        table, script = telling((200, {"Items": [], "Count": 0, "ScannedCount": 1_000, "LastEvaluatedKey": last}))
        page = table.query("OWNER#1", prefix="DOC#", limit=5, where={"state": "indexed"})
        assert ([], "DOC#9", 10) == (list(page.documents), page.next_after, len(script.asked))

    def test_sees_what_was_written(self, telling: Telling) -> None:
        """Tables are read as they are, indexes as they may be."""
        table, script = telling((200, {"Items": [], "Count": 0, "ScannedCount": 0}))
        table.query("OWNER#1", limit=1)
        table.query_index("ByHash", "a", limit=1)
        assert [True, None] == [request.get("ConsistentRead") for _, request in script.asked]

    def test_names_never_stand_in_an_expression(self, telling: Telling) -> None:
        """What the language reserves may be a name, and what looks like it a value."""
        table, script = telling((200, {"Attributes": STORED}))
        update = Update(KEY, set={"status": "a = b"}, expected=Expected(attributes={"size": 1, "a.b": None}))
        table.write(update)
        [(_, request)] = script.asked
        assert {"status", "size", "a.b"} == set(request["ExpressionAttributeNames"].values())
        assert not {"status", "size", "a.b"} & set(
            (request["UpdateExpression"] + request["ConditionExpression"]).split()
        )
