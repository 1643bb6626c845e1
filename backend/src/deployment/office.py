"""Sends each verb to where it is done, shows its steps, and prints what came of it."""

import argparse
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deployment.desk import Desk, at_desk
from deployment.progress import Lines, progress, say
from deployment.release.shift import STEP as SHIFTING
from deployment.terraform.program import WORK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_IMAGE_FILE = WORK.parent / "image.env"
_CHANGED = 2
_GOING_ON = {"bootstrap", "config", "deploy", "destroy", "publish"}
_LOOKING = {"Tools", "Credentials", "Configuration", "Looking", "Checking", "terraform init"}
"""Steps that change nothing."""


class Office:
    """One run of one verb.

    Args:
        given: what was typed.
        shell: the user's environment: ENV, IMAGE, VERSION, YES, LOCK, and AWS's own variables.
    """

    def __init__(self, given: argparse.Namespace, shell: Mapping[str, str]) -> None:
        self._given = given
        self._shell = shell
        self._desk: Desk | None = None

    def do(self) -> int:
        """Do it; return the exit status."""
        verbs: dict[str, Callable[[], int]] = {
            "bootstrap": self._bootstrap,
            "config": self._config,
            "deploy": self._deploy,
            "destroy": self._destroy,
            "logs": self._logs,
            "plan": self._plan,
            "publish": self._publish,
            "rollback": self._rollback,
            "status": self._status,
            "unlock": self._unlock,
        }
        return verbs[self._given.verb]()

    def so_far(self, *, stopped: bool = False) -> str:
        """Return what was changed before it failed or was stopped, where running it again goes on from there."""
        done = [step for step in self._desk.steps.done if step not in _LOOKING] if self._desk else []
        if self._desk is None or not done or self._given.verb not in _GOING_ON:
            return ""
        again = self._desk.command(self._given.verb)
        if self._desk.steps.at_work == SHIFTING and stopped:
            ways = f"{self._desk.command('status')}, {self._desk.command('rollback')}"
            return f"\nDone so far: {', '.join(done)}. What shifts callers is CodeDeploy, and goes on: {ways}."
        return f"\nDone so far: {', '.join(done)}. {again} goes on from there."

    @contextmanager
    def _at_desk(self, *, builds: bool = False) -> "Iterator[Desk]":
        with progress() as display, at_desk(self._shell, display, builds=builds) as desk:
            self._desk = desk
            yield desk

    def _variable(self, name: str) -> str:
        return self._shell.get(name, "").strip()

    def _deploy(self) -> int:
        from deployment.verbs.deploy import deploy, options_of

        options = options_of(self._variable("IMAGE"), migrates=not self._given.without_migrations)
        with self._at_desk(builds=not options.image) as desk:
            words = deploy(desk, options)
        say(sys.stdout, words)
        return 0

    def _plan(self) -> int:
        from deployment.verbs.deploy import options_of
        from deployment.verbs.plan import plan, show, write_markdown

        options = options_of(self._variable("IMAGE"), migrates=True)
        with self._at_desk() as desk:
            outlook = plan(desk, options, refreshes=not self._given.without_refresh)
        show(outlook)
        if self._given.markdown:
            write_markdown(outlook, Path(self._given.markdown))
        return _CHANGED if self._given.detailed_exitcode and not outlook.plan.is_empty else 0

    def _publish(self) -> int:
        from deployment.publish import published

        with self._at_desk(builds=True) as desk:
            desk.raise_bootstrap()
            digest, repository = published(desk), desk.repository.uri
        _IMAGE_FILE.parent.mkdir(parents=True, exist_ok=True)
        _IMAGE_FILE.write_text(f"digest={digest}\nrepository={repository}\n")
        say(sys.stdout, f"\n{repository}@{digest}\nmake deploy ENV={self._variable('ENV')} IMAGE={digest}")
        return 0

    def _status(self) -> int:
        from deployment.verbs.status import status

        with self._at_desk() as desk:
            words = status(desk)
        say(sys.stdout, words)
        return 0

    def _logs(self) -> int:
        from deployment.verbs.logs import Options, show, tail_of

        given = self._given
        options = Options(given.since, given.request_id, given.follow, given.raw, tuple(given.words))
        with at_desk(self._shell, Lines(sys.stderr)) as desk:  # standard output is the logs' alone
            tail = tail_of(desk, options)
        show(tail, options)
        return 0

    def _rollback(self) -> int:
        from deployment.verbs.rollback import rollback

        with self._at_desk() as desk:
            words = rollback(desk, self._variable("VERSION"))
        say(sys.stdout, words)
        return 0

    def _unlock(self) -> int:
        from deployment.verbs.state import unlock

        with self._at_desk() as desk:
            words = unlock(desk, self._variable("LOCK"))
        say(sys.stdout, words)
        return 0

    def _bootstrap(self) -> int:
        from deployment.verbs.state import bootstrap

        with self._at_desk() as desk:
            words = bootstrap(desk)
        say(sys.stdout, words)
        return 0

    def _config(self) -> int:
        from deployment.verbs import config

        given = self._given
        if given.list:
            with self._at_desk() as desk:
                words = config.stored_names(desk)
            say(sys.stdout, words)
            return 0
        text = sys.stdin.read() if given.stdin else ""
        values = config.given_by_machine(self._shell, from_environment=given.from_env, text=text)
        options = config.Options(values, given.stdin or given.from_env, tuple(given.again), tuple(given.forget))
        with at_desk(self._shell, Lines(sys.stdout)) as desk:  # a table that redraws itself would hide the questions
            self._desk = desk
            stored = config.read(desk)
            words = config.write(desk, stored, config.merged(desk.environment, stored, options))
        say(sys.stdout, words)
        return 0

    def _destroy(self) -> int:
        from deployment.verbs.destroy import Options, agreement, destroy

        options = Options(self._variable("YES"), self._variable("BOOTSTRAP") == "1")
        with at_desk(self._shell, Lines(sys.stdout)) as desk:  # the same
            self._desk = desk
            environment = desk.environment
            agreed = agreement(environment.folder, is_production=environment.is_production, yes=options.yes, ask=input)
            words = destroy(desk, options, agreed)
        say(sys.stdout, words)
        return 0
