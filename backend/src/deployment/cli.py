"""Runs each command, shows its steps, and prints its result."""

import argparse
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deployment.context import Context, open_context
from deployment.progress import Lines, Progress, progress, say
from deployment.release.traffic_shift import STEP as SHIFTING
from deployment.terraform.program import WORK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_IMAGE_FILE = WORK.parent / "image.env"
_CHANGED = 2
_GOING_ON = {"bootstrap", "config", "deploy", "destroy", "publish"}
_LOOKING = {"Tools", "Credentials", "Configuration", "Looking", "Looking for its state", "Checking", "terraform init"}
"""Steps that change nothing."""


class CommandLine:
    """One run of one command.

    Args:
        given: the parsed arguments.
        shell: the user's environment: ENV, IMAGE, VERSION, YES, LOCK, and AWS's own variables.
    """

    def __init__(self, given: argparse.Namespace, shell: Mapping[str, str]) -> None:
        self._given = given
        self._shell = shell
        self._context: Context | None = None

    def run(self) -> int:
        """Run it; return the exit status."""
        commands: dict[str, Callable[[], int]] = {
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
        return commands[self._given.command]()

    def so_far(self, *, is_undone: bool = False) -> str:
        """Return what was changed before it failed or was stopped, where running it again goes on from there.

        Args:
            is_undone: whether callers were taken back from what they were being shifted to.
        """
        done = [step for step in self._context.steps.done if step not in _LOOKING] if self._context else []
        if self._context is None or not done or self._given.command not in _GOING_ON:
            return ""
        chosen = [f"{name}={self._variable(name)}" for name in ("IMAGE", "BOOTSTRAP") if self._variable(name)]
        again = self._context.command(self._given.command, " ".join(chosen))
        if self._context.steps.at_work == SHIFTING and not is_undone:
            ways = f"{self._context.command('status')}, {self._context.command('rollback')}"
            return f"\nDone so far: {', '.join(done)}. What shifts callers is CodeDeploy, and goes on: {ways}."
        return f"\nDone so far: {', '.join(done)}. {again} goes on from there."

    @contextmanager
    def _open_context(self, display: Progress | None = None, *, builds: bool = False) -> "Iterator[Context]":
        command = self._given.command
        changing = command if command in _GOING_ON and not getattr(self._given, "list", False) else ""
        with (
            display or progress() as shown,
            open_context(self._shell, shown, builds=builds, changing=changing) as context,
        ):
            self._context = context
            yield context

    def _variable(self, name: str) -> str:
        return self._shell.get(name, "").strip()

    def _deploy(self) -> int:
        from deployment.commands.deploy import deploy, options_of

        options = options_of(self._variable("IMAGE"), migrates=not self._given.without_migrations)
        with self._open_context(builds=not options.image) as context:
            words = deploy(context, options)
        say(sys.stdout, words)
        return 0

    def _plan(self) -> int:
        from deployment.commands.deploy import options_of
        from deployment.commands.plan import plan, show, write_markdown

        options = options_of(self._variable("IMAGE"), migrates=True)
        with self._open_context() as context:
            outlook = plan(context, options, refreshes=not self._given.without_refresh)
        show(outlook)
        if self._given.markdown:
            write_markdown(outlook, Path(self._given.markdown))
        return _CHANGED if self._given.detailed_exitcode and not outlook.plan.is_empty else 0

    def _publish(self) -> int:
        from deployment.publish import published

        _IMAGE_FILE.unlink(missing_ok=True)  # the digest of an earlier run is none of this one's
        with self._open_context(builds=True) as context:
            context.ensure_bootstrap()
            digest, repository = published(context), context.repository.uri
        _IMAGE_FILE.parent.mkdir(parents=True, exist_ok=True)
        _IMAGE_FILE.write_text(f"digest={digest}\nrepository={repository}\n")
        say(sys.stdout, f"\n{repository}@{digest}\nmake deploy ENV={self._variable('ENV')} IMAGE={digest}")
        return 0

    def _status(self) -> int:
        from deployment.commands.status import status

        with self._open_context() as context:
            words = status(context)
        say(sys.stdout, words)
        return 0

    def _logs(self) -> int:
        from deployment.commands.logs import Options, show, tail_of

        given = self._given
        options = Options(given.since, given.request_id, given.follow, given.raw, tuple(given.words))
        with self._open_context(Lines(sys.stderr)) as context:  # standard output is the logs' alone
            tail = tail_of(context, options)
        show(tail, options)
        return 0

    def _rollback(self) -> int:
        from deployment.commands.rollback import rollback

        with self._open_context() as context:
            words = rollback(context, self._variable("VERSION"))
        say(sys.stdout, words)
        return 0

    def _unlock(self) -> int:
        from deployment.commands.state import unlock

        with self._open_context() as context:
            words = unlock(context, self._variable("LOCK"))
        say(sys.stdout, words)
        return 0

    def _bootstrap(self) -> int:
        from deployment.commands.state import bootstrap

        with self._open_context() as context:
            words = bootstrap(context)
        say(sys.stdout, words)
        return 0

    def _config(self) -> int:
        from deployment.commands import config

        given = self._given
        if given.list:
            with self._open_context() as context:
                words = config.stored_names(context)
            say(sys.stdout, words)
            return 0
        text = sys.stdin.read() if given.stdin else ""
        values = config.given_by_machine(self._shell, from_environment=given.from_env, text=text)
        options = config.Options(values, given.stdin or given.from_env, tuple(given.again), tuple(given.forget))
        with self._open_context(Lines(sys.stdout)) as context:  # a table that redraws itself would hide the questions
            stored = config.read(context)
            words = config.write(context, stored, config.merged(context.environment, stored, options))
        say(sys.stdout, words)
        return 0

    def _destroy(self) -> int:
        from deployment.commands.destroy import Options, agreement, destroy

        options = Options(self._variable("YES"), self._variable("BOOTSTRAP") == "1")
        with self._open_context(Lines(sys.stdout)) as context:  # the same
            environment = context.environment
            agreed = agreement(environment.folder, is_production=environment.is_production, yes=options.yes, ask=input)
            words = destroy(context, options, agreed)
        say(sys.stdout, words)
        return 0
