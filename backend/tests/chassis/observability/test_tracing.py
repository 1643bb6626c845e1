"""What a trace shows of an invocation, and that it shows nothing of anybody."""

import json
from collections.abc import Callable, Iterator, Sequence
from socket import AF_INET, SOCK_DGRAM, socket
from typing import Any

import pytest

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import Answer, ChatRequest, Heard, Message, ToolChoice, Usage
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.models.traced import TracedChatModel, TracedEmbedder
from coachwork.chassis.observability.tracing import begin_invocation, subsegment
from coachwork.chassis.sql.database import Database
from coachwork.chassis.vectors import Filter, Hit, Item
from coachwork.chassis.vectors.traced import TracedVectorIndex

SAMPLED = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
SECRET = "my knee hurts"


class Listener:
    """Where X-Ray's daemon would listen."""

    def __init__(self) -> None:
        self._socket = socket(AF_INET, SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def heard(self) -> list[dict[str, Any]]:
        """Return the documents that have come; what was sent on this machine is here when sending returns."""
        self._socket.setblocking(False)
        documents = []
        while True:
            try:
                header, document = self._socket.recv(65_536).split(b"\n", 1)
            except BlockingIOError:
                return documents
            assert {"format": "json", "version": 1} == json.loads(header)
            documents.append(json.loads(document))

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Yield a daemon, told of a sampled invocation that has begun."""
    made = Listener()
    begin_invocation(SAMPLED, made.address)
    yield made
    begin_invocation("", "")
    made.close()


class Model:
    """A model of five tokens in, two out."""

    name = "told"

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Choose nothing."""
        return ToolChoice((), Usage(5, 2))

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Answer with the question."""
        return Answer(request.question, (), Usage(5, 2))


class Index:
    """An index of one item."""

    def upsert(self, items: Sequence[Item]) -> None:
        """Store nothing."""

    def search(self, embedding: Sequence[float], *, limit: int, where: Filter | None = None) -> list[Hit]:
        """Find one."""
        return [Hit("1", SECRET, 1.0, {})]

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Find none."""
        return []

    def ids(self, where: Filter | None = None) -> list[str]:
        """Find one."""
        return ["1"]

    def delete(self, ids: Sequence[str]) -> None:
        """Remove nothing."""

    def count(self) -> int:
        """Count one."""
        return 1


class TestSubsegment:
    """subsegment."""

    def test_sampled(self, listener: Listener) -> None:
        """It hangs on the function's segment, with its annotations, those added last as well."""
        with subsegment("model", model="m") as annotations:
            annotations["tokens"] = 3
        [told] = listener.heard()

        assert ("model", "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8", "subsegment", False) == tuple(
            told[key] for key in ("name", "trace_id", "parent_id", "type", "fault")
        )
        assert {"model": "m", "tokens": 3} == told["annotations"]
        assert told["start_time"] <= told["end_time"]

    def test_failed(self, listener: Listener) -> None:
        """What raises is a fault, and raises on."""
        with pytest.raises(ValueError, match="hush"), subsegment("model"):
            raise ValueError("hush")
        [told] = listener.heard()

        assert told["fault"]
        assert "hush" not in json.dumps(told)

    @pytest.mark.parametrize(
        "header", ["", "Root=1-2-3;Parent=4;Sampled=0", "Sampled=1", "Root=;Parent=;Sampled=1", "nonsense"]
    )
    def test_not_sampled(self, listener: Listener, header: str) -> None:
        """Of an invocation that is not sampled, or not said to be whose, nothing is sent."""
        begin_invocation(header, listener.address)
        with subsegment("model"):
            pass

        assert [] == listener.heard()

    @pytest.mark.parametrize("daemon", ["", "nowhere", "127.0.0.1:", "127.0.0.1:x"])
    def test_no_daemon(self, daemon: str) -> None:
        """Where none listens, work goes on."""
        begin_invocation(SAMPLED, daemon)
        with subsegment("model") as annotations:
            annotations["tokens"] = 1
        begin_invocation("", "")

        assert {"tokens": 1} == annotations

    def test_unreachable_daemon(self) -> None:
        """A daemon that cannot be reached costs nobody an answer."""
        begin_invocation(SAMPLED, "255.255.255.255:1")
        with subsegment("model"):
            pass
        begin_invocation("", "")


class TestParts:
    """What models, indexes and the database tell."""

    def test_chat_model(self, listener: Listener) -> None:
        """Which model, what for, how many tokens; not the question."""
        model = TracedChatModel(Model())
        request = ChatRequest([Message("user", SECRET)], SECRET)
        model.choose_tools(request)
        model.answer(request)
        told = listener.heard()

        assert [
            ("model", {"model": "told", "operation": operation, "input_tokens": 5, "output_tokens": 2})
            for operation in ("choose_tools", "answer")
        ] == [(one["name"], one["annotations"]) for one in told]
        assert SECRET not in json.dumps(told)

    def test_embedder(self, listener: Listener) -> None:
        """Which one, and how many texts; not the texts."""
        embedder = TracedEmbedder(LexicalEmbedder())
        embedder.embed([SECRET, SECRET])
        told = listener.heard()

        assert [("embedder", {"model": embedder.name, "texts": 2, "tokens": 0})] == [
            (one["name"], one["annotations"]) for one in told
        ]
        assert SECRET not in json.dumps(told)

    def test_vectors(self, listener: Listener) -> None:
        """Which index, what for, how many items; not the items."""
        index = TracedVectorIndex(Index(), "exercises")
        index.upsert([Item("1", SECRET, [1.0])])
        index.search([1.0], limit=3)
        index.get(["1"]), index.ids(), index.delete(["1"]), index.count()
        told = listener.heard()

        assert [
            {"operation": "upsert", "items": 1},
            {"operation": "search", "limit": 3, "items": 1},
            {"operation": "get", "items": 1},
            {"operation": "ids", "items": 1},
            {"operation": "delete", "items": 1},
            {"operation": "count"},
        ] == [{key: value for key, value in one["annotations"].items() if key != "index"} for one in told]
        assert {("vectors", "exercises")} == {(one["name"], one["annotations"]["index"]) for one in told}
        assert SECRET not in json.dumps(told)

    def test_database(self, listener: Listener, database: Database, new_principal: Callable[[], Principal]) -> None:
        """The kind of each statement; nothing of what it says, and not for whom."""
        principal = new_principal()
        listener.heard()
        with database.session(principal) as session:
            session.value("select %(text)s::text", {"text": SECRET})
            session.execute("  with a as (select 1) select * from a")
        told = listener.heard()

        assert [("database", {"statement": "select"}), ("database", {"statement": "with"})] == [
            (one["name"], one["annotations"]) for one in told
        ]
        assert SECRET not in json.dumps(told)
        assert str(principal.user_id) not in json.dumps(told)
