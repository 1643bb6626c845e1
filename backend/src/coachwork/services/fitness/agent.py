"""The coach's graph: screen -> retrieve -> collect -> decide -> run tools -> answer -> persist.

A concern, seen by the screen before anything else or by the model as it decides, leads straight to refer -> persist.
A turn whose evidence is together already, because an earlier attempt was broken off, begins at answer.

LangGraph is imported when the first graph is built and nowhere else; the graph is compiled once and takes the ports
of each turn as its run-time context, so it holds no caller's data.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from pydantic import ValidationError

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models import Answer, ChatModel, Passage, ToolCall, Usage
from coachwork.chassis.turns.context import in_context
from coachwork.services.fitness.domain.safety import SAFE_ANSWERS, Concern, SafeAnswer, screen
from coachwork.services.fitness.prompts import REFER, EarlierTurn, coach_request
from coachwork.services.fitness.schemas.chat import ReferArguments

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

_MOST_TOOL_RUNS = 3


@dataclass(frozen=True)
class ToolRun:
    """A tool that was run: its structured result for the caller, and the same in sentences for the model.

    A tool stores nothing: `proposal` is what `persist` stores with the turn, if anything, and with no other.
    """

    name: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    sentences: Sequence[str]
    proposal: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reply:
    """Everything a turn produced. `passages` are all that were retrieved; `answer.citations` is a subset of them."""

    answer: Answer
    model: str
    passages: Sequence[Passage] = ()
    tool_runs: Sequence[ToolRun] = ()
    safety: SafeAnswer | None = None


@dataclass(frozen=True)
class Evidence:
    """What an answer is written from, and what gathering it spent; a tool that ran is not run again."""

    passages: Sequence[Passage]
    facts: Sequence[str]
    tool_runs: Sequence[ToolRun]
    usage: Usage


class Watch:
    """Follows a turn and may stop it, by raising; this one lets it take its time."""

    deadline: Deadline | None = None

    def begins(self, step: str) -> None:
        """Hear which step of the graph comes now."""

    def ran(self, run: ToolRun) -> None:
        """Hear of a tool that was run."""

    def gathered(self, evidence: Evidence) -> None:
        """Hear that nothing but the answer is missing."""

    def heard(self, text: str) -> None:
        """Hear the answer so far, whole each time; it may begin anew."""


class CoachPorts(Protocol):
    """What a turn needs from outside; the service implements it for one caller."""

    @property
    def chat_model(self) -> ChatModel:
        """Who answers."""

    def retrieve(self, question: str) -> Sequence[Passage]:
        """Return the passages nearest to the question."""

    def collect(self) -> Sequence[str]:
        """Return what is known of the caller, as short sentences."""

    def run_tool(self, call: ToolCall) -> ToolRun | None:
        """Run a tool; None when its arguments make no sense."""

    def persist(self, reply: Reply) -> Any:
        """Store the turn, whole or not at all; return what was stored."""


class _State(TypedDict, total=False):
    question: str
    summary: str
    earlier: Sequence[EarlierTurn]
    safety: SafeAnswer | None
    passages: Sequence[Passage]
    facts: Sequence[str]
    calls: Sequence[ToolCall]
    tool_runs: Sequence[ToolRun]
    usage: Usage
    evidence: Evidence | None
    reply: Reply
    stored: Any


@dataclass(frozen=True)
class _Context:
    ports: CoachPorts
    watch: Watch


class _Runtime(Protocol):
    context: _Context


def take_turn(
    ports: CoachPorts,
    question: str,
    earlier: Sequence[EarlierTurn] = (),
    *,
    summary: str = "",
    evidence: Evidence | None = None,
    watch: Watch | None = None,
) -> Any:
    """Answer the question and store the turn; return what `ports.persist` returned.

    Args:
        summary: of what was said before the earlier turns.
        evidence: what an earlier attempt gathered; nothing is gathered again.
        watch: follows the turn; what it raises comes out, and nothing is stored.

    Raises:
        OutOfTime: the watch's deadline came first; nothing was stored.
        DependencyError: a part was down; nothing was stored.
    """
    context = _Context(ports, watch or Watch())
    state: _State = {"question": question, "summary": summary, "earlier": earlier, "evidence": evidence}
    return _graph().invoke(state, context=context)["stored"]


def prepare() -> None:
    """Build the graph, and run one of a single step: LangGraph imports some of its parts at its first run."""
    from langgraph.graph import START, StateGraph

    _graph()
    step = StateGraph(_State)
    step.add_node("nothing", lambda _state: {})
    step.add_edge(START, "nothing")
    step.compile().invoke({"question": ""})


@cache
def _graph() -> "CompiledStateGraph[Any, Any, Any, Any]":
    from langgraph.graph import END, START, StateGraph

    turn = StateGraph(_State)
    nodes: tuple[Any, ...] = (_screen, _refer, _retrieve, _collect, _decide, _run_tools, _answer, _persist)
    for node in nodes:
        turn.add_node(node.__name__.strip("_"), _watched(node))
    turn.add_conditional_edges(START, _first, ["screen", "answer"])
    turn.add_conditional_edges("screen", _after_screen, ["refer", "retrieve"])
    turn.add_edge("retrieve", "collect")
    turn.add_edge("collect", "decide")
    turn.add_conditional_edges("decide", _after_decide, ["refer", "run_tools", "answer"])
    turn.add_edge("run_tools", "answer")
    turn.add_edge("answer", "persist")
    turn.add_edge("refer", "persist")
    turn.add_edge("persist", END)
    return turn.compile()


def _watched(node: Callable[[_State, _Runtime], _State]) -> Any:
    def watched(state: _State, runtime: _Runtime) -> _State:
        runtime.context.watch.begins(node.__name__.strip("_"))
        return node(state, runtime)

    return watched


def _first(state: _State) -> str:
    return "answer" if state["evidence"] else "screen"


def _screen(state: _State, runtime: _Runtime) -> _State:  # noqa: ARG001  the graph passes both
    return {"safety": screen(state["question"])}


def _after_screen(state: _State) -> str:
    return "refer" if state["safety"] else "retrieve"


def _refer(state: _State, runtime: _Runtime) -> _State:
    safety, usage = state["safety"], state.get("usage")
    assert safety is not None  # noqa: S101  the edges lead here only with one
    model = runtime.context.ports.chat_model.name if usage else "safety-screen"
    return {"reply": Reply(Answer(safety.text, usage=usage or Usage()), model=model, safety=safety)}


def _retrieve(state: _State, runtime: _Runtime) -> _State:
    return {"passages": runtime.context.ports.retrieve(_sought(state))}


def _sought(state: _State) -> str:
    earlier = state["earlier"]
    return in_context(state["question"], earlier[-1].question if earlier else None)


def _collect(state: _State, runtime: _Runtime) -> _State:  # noqa: ARG001  the graph passes both
    return {"facts": runtime.context.ports.collect()}


def _decide(state: _State, runtime: _Runtime) -> _State:
    request = coach_request(state["question"], summary=state["summary"], earlier=state["earlier"], facts=state["facts"])
    context = runtime.context
    choice = context.ports.chat_model.choose_tools(request, deadline=context.watch.deadline)
    return {"calls": choice.calls[:_MOST_TOOL_RUNS], "usage": choice.usage, "safety": _referral(choice.calls)}


def _referral(calls: Sequence[ToolCall]) -> SafeAnswer | None:
    """Return the answer to the most urgent concern the model named, if it named one that there is."""
    named = {_concern(call) for call in calls if call.name == REFER}
    return next((SAFE_ANSWERS[concern] for concern in Concern if concern in named), None)


def _concern(call: ToolCall) -> Concern | None:
    try:
        return Concern(ReferArguments.model_validate(dict(call.arguments)).concern)
    except ValidationError:
        return None


def _after_decide(state: _State) -> str:
    if state["safety"]:
        return "refer"
    return "run_tools" if state["calls"] else "answer"


def _run_tools(state: _State, runtime: _Runtime) -> _State:
    runs = []
    for call in state["calls"]:
        if run := runtime.context.ports.run_tool(call):
            runs.append(run)
            runtime.context.watch.ran(run)
    return {"tool_runs": runs}


def _answer(state: _State, runtime: _Runtime) -> _State:
    model, watch = runtime.context.ports.chat_model, runtime.context.watch
    evidence = state["evidence"] or _gathered(state, watch)
    request = coach_request(
        state["question"],
        sought=_sought(state),
        summary=state["summary"],
        earlier=state["earlier"],
        passages=evidence.passages,
        facts=evidence.facts,
        results=[sentence for run in evidence.tool_runs for sentence in run.sentences],
    )
    answer = model.answer(request, deadline=watch.deadline, heard=watch.heard)
    total = Answer(answer.text, answer.citations, answer.usage + evidence.usage)
    return {"reply": Reply(total, model.name, evidence.passages, evidence.tool_runs)}


def _gathered(state: _State, watch: Watch) -> Evidence:
    evidence = Evidence(state["passages"], state["facts"], state.get("tool_runs", ()), state["usage"])
    watch.gathered(evidence)
    return evidence


def _persist(state: _State, runtime: _Runtime) -> _State:
    return {"stored": runtime.context.ports.persist(state["reply"])}
