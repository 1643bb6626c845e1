"""What a turn of the coach needs, for one caller: knowledge, facts, tools and a place to store the turn."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import ChatModel, Embedder, Passage, ToolCall
from coachwork.chassis.models.citations import normalised
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.chassis.turns.errors import ThreadNotFound, TurnStopped
from coachwork.chassis.vectors import Hit, VectorIndex
from coachwork.services.fitness.agent import Reply, ToolRun
from coachwork.services.fitness.domain.body import weight_trend
from coachwork.services.fitness.domain.exercises import LEVELS, best_known_first, fits
from coachwork.services.fitness.domain.facts import goal_facts, profile_facts, weight_facts
from coachwork.services.fitness.domain.memories import MOST_IN_A_PROMPT, memory_fact
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.domain.summaries import cut
from coachwork.services.fitness.repository import body, exercises, memories, profile, threads, turns
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.schemas.chat import (
    BuildPlanArguments,
    FindExercisesArguments,
    SummariseProgressArguments,
)
from coachwork.services.fitness.schemas.exercises import Equipment
from coachwork.services.fitness.schemas.goals import GoalQuery
from coachwork.services.fitness.schemas.memories import RememberArguments
from coachwork.services.fitness.schemas.progress import ProgressResponse
from coachwork.services.fitness.service.goals import goals_in
from coachwork.services.fitness.service.memories import keep_remembered, to_remember
from coachwork.services.fitness.service.progress import Scope, progress_facts, summarise, summary_in

_PASSAGES = 5
_FOUND_EXERCISES = 8
_EXCERPT_CHARACTERS = 240
_TITLE_CHARACTERS = 60
_RECENT_WEEKS = 12
_GOALS = GoalQuery(archived=False, limit=5)


class Coach:
    """The ports of one turn; holds what was retrieved, so a citation can name its source.

    Each method opens a transaction of its own: none is held while a model thinks.
    """

    def __init__(
        self,
        *,
        database: Database,
        principal: Principal,
        chat_model: ChatModel,
        embedder: Embedder,
        index: VectorIndex,
        turn: OpenTurn,
        now: datetime,
    ) -> None:
        self.chat_model = chat_model
        self._database = database
        self._principal = principal
        self._embedder = embedder
        self._index = index
        self._turn = turn
        self._now = now
        self._hits: Mapping[str, Hit] = {}
        self._profile = Profile()

    @property
    def hits(self) -> Sequence[Hit]:
        """What was retrieved."""
        return list(self._hits.values())

    def resume(self, hits: Sequence[Hit]) -> Sequence[Passage]:
        """Go on with what an earlier attempt retrieved; return it as passages."""
        self._hits = {hit.id: hit for hit in hits}
        return [Passage(hit.id, str(hit.metadata["title"]), hit.text) for hit in hits]

    def retrieve(self, question: str) -> Sequence[Passage]:
        """Return the passages nearest to the question."""
        [embedding] = self._embedder.embed([question])
        return self.resume(self._index.search(embedding, limit=_PASSAGES))

    def collect(self) -> Sequence[str]:
        """Return the caller's profile, recent training and records, weight and goals as sentences."""
        with self._database.session(self._principal) as session:
            self._profile = profile.find(session) or Profile()
            remembered = memories.page(session, MOST_IN_A_PROMPT, None)
            summary = summary_in(session, Scope(since=self._now - timedelta(weeks=_RECENT_WEEKS)))
            trend = weight_trend(body.weighings(session, None), None)
            mine, _ = goals_in(session, _GOALS, self._now)
        return [
            *profile_facts(self._profile),
            *progress_facts(summary),
            *weight_facts(trend),
            *goal_facts(mine),
            *(memory_fact(one.text) for one in remembered),
        ]

    def run_tool(self, call: ToolCall) -> ToolRun | None:
        """Run a tool, or say why its arguments are outside what it takes; None when there is none of that name."""
        given = dict(call.arguments)
        runners: dict[str, Callable[[], ToolRun]] = {
            "build_plan": lambda: self._build_plan(BuildPlanArguments.model_validate(given)),
            "summarise_progress": lambda: self._summarise_progress(SummariseProgressArguments.model_validate(given)),
            "find_exercises": lambda: self._find_exercises(FindExercisesArguments.model_validate(given)),
        }
        runners["remember"] = lambda: self._remember(RememberArguments.model_validate(given))
        if call.name not in runners:
            return None
        try:
            return runners[call.name]()
        except ValidationError as error:
            return _refused(call, error)

    def persist(self, reply: Reply) -> threads.Turn:
        """Store question and answer together, in a new thread where there was none, and close the open turn.

        Raises:
            ThreadNotFound: the thread was deleted meanwhile; nothing was stored.
            TurnStopped: the turn was cancelled, or taken up by another; nothing was stored.
        """
        open_turn, turn = self._turn, self._new_turn(reply)
        with self._database.session(self._principal) as session:
            thread_id = open_turn.thread_id or threads.create(session, _title(open_turn.question))
            stored = threads.add_turn(session, thread_id, turn)
            if stored is None:
                raise ThreadNotFound
            if not turns.close(session, open_turn.turn_id, open_turn.attempt):
                raise TurnStopped
            keep_remembered(session, turn.tool_runs, turn.turn_id)
            _keep_proposed(session, reply)
        return stored

    def _new_turn(self, reply: Reply) -> threads.NewTurn:
        text, cited = normalised(reply.answer.text, reply.answer.citations, self._hits)
        safety = reply.safety
        return threads.NewTurn(
            turn_id=self._turn.turn_id,
            question=self._turn.question,
            answer=text,
            model=reply.model,
            safety={"concern": safety.concern.value, "referral": safety.referral} if safety else None,
            citations=[_citation(marker, self._hits[hit_id]) for marker, hit_id in enumerate(cited, 1)],
            tool_runs=[
                {"name": run.name, "arguments": dict(run.arguments), "result": dict(run.result)}
                for run in reply.tool_runs
            ],
            input_tokens=reply.answer.usage.input_tokens,
            output_tokens=reply.answer.usage.output_tokens,
        )

    def _remember(self, arguments: RememberArguments) -> ToolRun:
        with self._database.session(self._principal) as session:
            remembered, sentence = to_remember(session, arguments.text, self._turn.question)
        return _ran("remember", arguments, {"remembered": remembered}, [sentence])

    def _build_plan(self, arguments: BuildPlanArguments) -> ToolRun:
        from coachwork.services.fitness.service.drafts import proposed_plan

        with self._database.session(self._principal) as session:
            library = exercises.library(session)
        return proposed_plan(arguments, self._profile, library)

    def _summarise_progress(self, arguments: SummariseProgressArguments) -> ToolRun:
        since = self._now - timedelta(weeks=arguments.weeks)
        summary = summarise(self._database, self._principal, since=since)
        nothing = f"You have logged no training in the last {arguments.weeks} weeks."
        result = ProgressResponse.model_validate(summary).model_dump(mode="json")
        return _ran("summarise_progress", arguments, result, progress_facts(summary) or [nothing])

    def _find_exercises(self, arguments: FindExercisesArguments) -> ToolRun:
        """Find by what was asked for; what was not said comes from the profile, where there is one."""
        mine = self._profile
        owned: Sequence[str] = mine.equipment or get_args(Equipment)
        equipment = owned if arguments.equipment is None else arguments.equipment
        level = arguments.level or (mine.level if mine.updated_at else LEVELS[-1])
        with self._database.session(self._principal) as session:
            library = exercises.library(session)
        found = sorted(
            (
                one
                for one in library
                if fits(one, level=level, equipment=equipment, injuries=mine.injuries)
                and (arguments.muscle is None or arguments.muscle in one.primary_muscles)
            ),
            key=best_known_first,
        )[:_FOUND_EXERCISES]
        names = ", ".join(exercise.name for exercise in found)
        sentence = f"Exercises in the library that fit: {names}." if found else "No exercise in the library fits."
        listed = [{"slug": one.slug, "name": one.name, "equipment": one.equipment} for one in found]
        return _ran("find_exercises", arguments, {"exercises": listed}, [sentence])


def _keep_proposed(session: Session, reply: Reply) -> None:
    proposals = [run.proposal for run in reply.tool_runs if run.proposal]
    if proposals:  # only a turn that plans loads the programmes: a tenth of our own part of a first turn
        from coachwork.services.fitness.service.drafts import keep_proposed

        keep_proposed(session, proposals)


def _ran(name: str, arguments: BaseModel, result: Mapping[str, Any], sentences: Sequence[str]) -> ToolRun:
    return ToolRun(name, arguments.model_dump(exclude_none=True), result, sentences)


def _refused(call: ToolCall, error: ValidationError) -> ToolRun:
    problems = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False)]
    sentence = f"I could not {call.name.replace('_', ' ')}. {'. '.join(problems)}."
    return ToolRun(call.name, {}, {"refused": problems}, [sentence])


def _citation(marker: int, hit: Hit) -> dict[str, Any]:
    details = hit.metadata
    return {
        "marker": marker,
        "passage_id": hit.id,
        "title": details["title"],
        "excerpt": cut(hit.text, _EXCERPT_CHARACTERS),
        "source": {
            "title": details["source_title"],
            "authors": details["source_authors"],
            "publisher": details["source_publisher"],
            "year": details["source_year"],
            "locator": details.get("source_locator") or None,
        },
    }


def _title(question: str) -> str:
    return cut(" ".join(question.split()), _TITLE_CHARACTERS)
