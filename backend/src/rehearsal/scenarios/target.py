"""What is to be rehearsed: an environment of `terraform/environments`, in one of the layouts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deployment.terraform.program import SOURCES
from rehearsal.scenarios.errors import RehearsalError

LAYOUTS = ("single", "per_service")
_REGION = re.compile(r'^aws_region\s*=\s*"([^"]+)"', re.MULTILINE)
_ORIGIN = re.compile(r'^cors_origins\s*=\s*\[\s*"([^"]+)"', re.MULTILINE)
_KNOWLEDGE = re.compile(r"^\s*knowledge\s*=\s*\{", re.MULTILINE)
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)
_STAGE = re.compile(r'^environment\s*=\s*"([^"]+)"', re.MULTILINE)
_ZONE = re.compile(r'\bzone_name\s*=\s*"([^"]+)"')
_BUCKET = re.compile(r'^bucket\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Target:
    """What the user asked for.

    Args:
        environment: the name of a folder of `terraform/environments`.
        layout: `single` or `per_service`.
        port: where the API is to answer; 0 is any that is free.
        sources: the Terraform to play.
        minute_seconds: how long a minute of deployments and alarms lasts.
    """

    environment: str = "prod"
    layout: str = "single"
    port: int = 0
    sources: Path = SOURCES
    minute_seconds: float = 2.0

    @property
    def region(self) -> str:
        """The region its variables name."""
        return _found(_REGION, self._file("terraform.tfvars"), "aws_region")

    @property
    def origin(self) -> str:
        """The first origin its variables let in; empty if they let none in."""
        found = _ORIGIN.search(self._file("terraform.tfvars").read_text())
        return found[1] if found else ""

    @property
    def serves_documents(self) -> bool:
        """Whether its variables name the service knowledge."""
        return _KNOWLEDGE.search(self._file("terraform.tfvars").read_text()) is not None

    @property
    def state_bucket(self) -> str:
        """The bucket its state is kept in."""
        return _found(_BUCKET, self._file("backend.hcl"), "bucket")

    @property
    def stage(self) -> str:
        """Which of dev, staging and prod it is, in whichever region."""
        return _found(_STAGE, self._file("terraform.tfvars"), "environment")

    @property
    def is_production(self) -> bool:
        """Whether it is prod, in whichever region."""
        return self.stage == "prod"

    @property
    def zone(self) -> str:
        """The zone of Route 53 its variables take for granted; empty if they name none."""
        found = _ZONE.search(self._file("terraform.tfvars").read_text())
        return found[1] if found else ""

    @property
    def variables(self) -> list[str]:
        """The options that give Terraform its variables."""
        return [f"-var-file={self._file('terraform.tfvars')}", f"-var=layout={self.layout}"]

    @property
    def backend(self) -> str:
        """The option that tells Terraform where its state is."""
        return f"-backend-config={self._file('backend.hcl')}"

    def require_known(self) -> None:
        """Return if there is such an environment and layout.

        Raises:
            RehearsalError: there is not; the message names those there are.
        """
        known = sorted(path.parent.name for path in self.sources.glob("environments/*/terraform.tfvars"))
        if not known:
            raise RehearsalError(f"there is no folder environments with variables in {self.sources}")
        if self.environment not in known:
            raise RehearsalError(f"there is no environment {self.environment!r}; there are {', '.join(known)}")
        if self.layout not in LAYOUTS:
            raise RehearsalError(f"there is no layout {self.layout!r}; there are {' and '.join(LAYOUTS)}")

    def _file(self, name: str) -> Path:
        return self.sources / "environments" / self.environment / name


def target_of(environ: Mapping[str, str]) -> Target:
    """Return the target ENV, LAYOUT, PORT, TERRAFORM_SOURCES and MINUTE_SECONDS make.

    Raises:
        RehearsalError: there is no such environment or layout, the port is none, or a minute lasts no time.
    """
    port = environ.get("PORT", "").strip() or "0"
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise RehearsalError(f"PORT={port} is not a port: wants a number from 0 to 65535")
    sources = environ.get("TERRAFORM_SOURCES", "").strip()
    target = Target(
        environ.get("ENV", "").strip() or "prod",
        environ.get("LAYOUT", "").strip() or "single",
        int(port),
        Path(sources).resolve() if sources else SOURCES,
        _minute_seconds(environ.get("MINUTE_SECONDS", "").strip() or "2"),
    )
    target.require_known()
    return target


def _minute_seconds(text: str) -> float:
    if _SECONDS.fullmatch(text) and float(text) > 0:
        return float(text)
    raise RehearsalError(f"MINUTE_SECONDS={text} is no time: wants a number of seconds above 0")


def _found(pattern: re.Pattern[str], file: Path, name: str) -> str:
    try:
        found = pattern.search(file.read_text())
    except OSError as error:
        raise RehearsalError(f"{file} cannot be read: {error.strerror}") from error
    if found is None:
        raise RehearsalError(f"{file} does not say {name}")
    return found[1]
