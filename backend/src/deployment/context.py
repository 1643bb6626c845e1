"""What every command works with: the environment, the account, the steps it shows, and Terraform on both roots."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext

from deployment.account import Account, account_of
from deployment.bootstrap import Bootstrap
from deployment.children import Children
from deployment.environment import Environment, environment_of
from deployment.errors import NothingDeployed
from deployment.image.builder import Buildah, has_docker
from deployment.image.registry import Repository
from deployment.progress import Progress
from deployment.run_lock import run_lock
from deployment.stack import Stack, work_folder
from deployment.steps import Steps
from deployment.terraform.program import found_program


class Context:
    """One command's work on one environment.

    Args:
        environment: which.
        account: whose.
        steps: shows what is at work.
        children: ends Terraform should this process die.
        shell: the user's environment.
    """

    def __init__(
        self, environment: Environment, account: Account, steps: Steps, children: Children, shell: Mapping[str, str]
    ) -> None:
        self.environment = environment
        self.account = account
        self.steps = steps
        self.shell = shell
        work = work_folder(environment, shell)
        self.stack = Stack(environment, account, work, children, shell)
        self.bootstrap = Bootstrap(environment, account, work, children, shell)

    @property
    def repository(self) -> Repository:
        """The account's repository of images."""
        return Repository(self.account, self.environment.prefix)

    def command(self, name: str, more: str = "") -> str:
        """Return what to type for a command on this environment."""
        layout = f"LAYOUT={self.environment.layout}" if self.environment.layout else ""
        return " ".join(part for part in (f"make {name} ENV={self.environment.folder}", layout, more) if part)

    def open_state(self, remedy: str = "") -> None:
        """Make Terraform ready.

        Args:
            remedy: what to do where nothing is there; to deploy, if unsaid.

        Raises:
            NothingDeployed: there is no state, for there is no bucket for it.
        """
        with self.steps.step("terraform init"):
            if self.bootstrap.applied() is None:
                raise NothingDeployed(
                    f"nothing is deployed to account {self.account.id}: {remedy or self.command('deploy')}"
                )
            self.stack.init()

    def store_unsaved_state(self) -> None:
        """Store the state that a run from here could not, whose keys had run out; before anything else is made."""
        if self.stack.has_unsaved_state:
            with self.steps.step("Storing the state of the run before"):
                self.stack.store_unsaved_state()

    def ensure_bootstrap(self) -> None:
        """Apply bootstrap unless it is there."""
        with self.steps.step("Bootstrap") as note:
            applied = self.bootstrap.applied()
            if applied is None:
                from deployment.terraform.events import progress_notes

                note(self.bootstrap.apply(progress_notes(note)))
            elif applied.sources != self.bootstrap.sources_digest:
                note(f"it has changed since: {self.command('bootstrap')}")
            else:
                note("is there")


@contextmanager
def open_context(
    shell: Mapping[str, str], display: Progress, *, builds: bool = False, changing: str = ""
) -> Iterator[Context]:
    """Yield the context, once the tools and credentials for it are there.

    Args:
        shell: the user's environment.
        display: shows the steps.
        builds: whether something to build images with is wanted as well.
        changing: the command, where it changes the environment and no other such command may run beside it.

    Raises:
        DeploymentError: something is missing, expired or another's; the message says what to do.
    """
    folder = shell.get("ENV", "").strip()
    steps = Steps(display, folder)
    with steps.step("Tools") as note:
        program = found_program(shell)
        if builds and not has_docker():
            Buildah()
        note(program)
        environment = environment_of(shell)
    with steps.step("Credentials") as note:
        account = account_of(environment, shell)
        note(f"account {account.id}, {account.region}, as {account.arn.rpartition(':')[2]}")
    words = f"make {changing} ENV={folder}"
    alone = run_lock(work_folder(environment, shell), words) if changing else nullcontext()
    with alone, Children() as children:
        yield Context(environment, account, steps, children, shell)
