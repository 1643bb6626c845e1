"""A user of Locust's who does what users do: sign in, look, log a workout, now and then ask the coach."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import monotonic
from typing import Any

from gevent.event import Event
from locust import HttpUser, constant, task
from locust.exception import StopUser

from deployment.load.plan import Job
from deployment.load.traffic.request_log import RequestLog
from deployment.smoke.client import is_loopback
from deployment.smoke.pdf import pdf

_TOKEN_SECONDS = 600  # tokens live 900
_PROFILE = {"level": "intermediate", "goal": "strength", "days_per_week": 4, "equipment": ["barbell", "rack"]}
_EXERCISES = ("barbell-back-squat", "barbell-bench-press", "conventional-deadlift")
_WORDS = ("squat", "press", "row", "curl")
_QUESTIONS = ("How much protein do I need to build muscle?", "How often should I train my legs?")


@dataclass
class RunState:
    """What all users of a run share: the job, the request log, its end, and how much of what costs tokens is left."""

    job: Job
    request_log: RequestLog
    over: Event = field(default_factory=Event)
    chats_left: int = field(init=False)
    documents_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.chats_left = self.job.plan.most_chats
        self.documents_left = self.job.plan.most_documents
        self.people = cycle(self.job.people)


class SimulatedUser(HttpUser):
    """A user; `user_class` makes the class that Locust runs."""

    abstract = True
    wait_time = constant(0)  # the turn itself waits: Locust kills who waits, even one that has just begun a request
    run_state: RunState

    def on_start(self) -> None:
        """Take an account."""
        self.person = next(self.run_state.people)
        self.client.trust_env = not is_loopback(self.run_state.job.plan.url)  # no proxy between us and what is here
        self.token, self.token_at = "", 0.0
        self.thoughts = random.Random()  # noqa: S311  who asks what is no secret

    @task
    def turn(self) -> None:
        """Do one thing and think; go when the run is over, never in the middle of a request."""
        if self.run_state.over.is_set():
            raise StopUser
        self.act()
        self.run_state.over.wait(self.run_state.job.plan.pause_seconds * self.thoughts.uniform(0.5, 1.5))

    def act(self) -> None:
        """Sign in when need be, else do what chance says."""
        if not self.token or monotonic() - self.token_at > _TOKEN_SECONDS:
            self.sign_in()
            return
        acts = self.acts()
        (chosen,) = self.thoughts.choices([act for act, _ in acts], [share for _, share in acts])
        chosen()

    def acts(self) -> Sequence[tuple[Callable[[], object], float]]:
        """Return what this user may do now, with its share."""
        plan, run_state = self.run_state.job.plan, self.run_state
        return (
            (self.log, 30),
            (self.progress, 16),
            (lambda: self.ask("GET", "/api/v1/workouts-db/logs", params={"limit": 20}), 12),
            (lambda: self.ask("GET", "/api/v1/exercises", params={"q": self.thoughts.choice(_WORDS)}), 14),
            (lambda: self.ask("GET", "/api/v1/profile"), 10),
            (lambda: self.ask("PUT", "/api/v1/profile", json=_PROFILE), 0 if self.person.is_kept else 4),
            (lambda: self.ask("GET", "/api/v1/workouts-db/"), 6),
            (lambda: self.ask("GET", "/api/v1/documents", params={"limit": 20}), 6 if plan.has_documents else 0),
            (self.upload, 2 if plan.has_documents and run_state.documents_left > 0 else 0),
            (self.chat, plan.chat_percent if run_state.chats_left > 0 else 0),
        )

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Send a request, counted before and after; return its response, an unanswered one's status is 0."""
        self.run_state.request_log.begin()
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.request(
            method, path, name=path, headers=headers, timeout=self.run_state.job.plan.timeout_seconds, **more
        )

    def sign_in(self) -> None:
        """Get a token; without one, the next turn tries again."""
        self.token = ""
        self.token = self.said(self.ask("POST", "/api/v1/users/login", json=self.person.credentials), "access_token")
        self.token_at = monotonic()

    def log(self) -> None:
        """Log three sets."""
        sets = [{"reps": self.thoughts.randint(3, 8), "weight_kg": 80.0, "rpe": 8.0} for _ in range(3)]
        body = {"exercise": self.thoughts.choice(_EXERCISES), "sets": sets}
        self.note("/api/v1/workouts-db/logs", self.ask("POST", "/api/v1/workouts-db/logs", json=body))

    def progress(self) -> None:
        """Look at one's progress."""
        self.ask("GET", "/api/v1/workouts-db/progress", params={"exercise": self.thoughts.choice(_EXERCISES)})

    def chat(self) -> None:
        """Ask the coach."""
        self.run_state.chats_left -= 1
        answer = self.ask("POST", "/api/v1/chat/send", json={"message": self.thoughts.choice(_QUESTIONS)})
        self.note("/api/v1/chat/threads", answer, "thread_id")

    def upload(self) -> None:
        """Send a PDF of one page that nobody else has."""
        self.run_state.documents_left -= 1
        mark = f"{self.thoughts.getrandbits(64):x}"
        file = (f"load-{mark}.pdf", pdf([[f"Load test {mark}"]]), "application/pdf")
        self.note("/api/v1/documents", self.ask("POST", "/api/v1/documents", files={"file": file}), "document", "id")

    def note(self, path: str, answer: Any, *where: str) -> None:
        """Remember what was made with an account that is kept; others take it with them."""
        if self.person.is_kept and (name := self.said(answer, *(where or ("id",)))):
            self.run_state.request_log.made(self.person.email, f"{path}/{name}")

    @staticmethod
    def said(answer: Any, *where: str) -> str:
        """Return the text there in a JSON answer; empty when there is none."""
        try:
            found = answer.json()
            for step in where:
                found = found[step]
        except (ValueError, KeyError, TypeError):
            return ""
        return str(found)


def user_class(run_state: RunState) -> type[SimulatedUser]:
    """Return the class of users who share `run_state`."""
    return type("User", (SimulatedUser,), {"run_state": run_state, "abstract": False})
