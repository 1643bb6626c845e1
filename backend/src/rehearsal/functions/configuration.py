"""Functions as they are deployed: versions, aliases, concurrency, what becomes of failed events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rehearsal.functions.errors import ResourceNotFound
from rehearsal.runtime import Credentials, Function

LATEST = "$LATEST"
_INIT_SECONDS = 10.0


@dataclass(frozen=True)
class CodeLocation:
    """Where functions run on this machine, which no deployment says.

    Args:
        python: the interpreter of an environment that has the image's packages.
        code: the folder the handlers lie in.
        environment: variables every function gets besides its own, such as `AWS_ENDPOINT_URL`.
        command: the handler the image's CMD names, for versions that leave it as it is.
    """

    python: Path
    code: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = ""

    def of(self, code_sha256: str) -> "CodeLocation":  # noqa: ARG002  one location for every image
        """Return the location of code of that hash: itself."""
        return self


class CodeLocations(Protocol):
    """Where functions run, by their code: a `CodeLocation` for all of it, or one for each image."""

    def of(self, code_sha256: str) -> CodeLocation:
        """Return the location of code of that hash; for an image, its digest without `sha256:`.

        Raises:
            ImageUnavailable: no such code is here.
        """


@dataclass(frozen=True)
class Version:
    """What a published version fixes: no `handler` is the image's own command, no `log_group` is Lambda's choice.

    Versions are equal when an environment of the one may serve for the other, whatever keys it was given.
    """

    handler: str
    environment: Mapping[str, str] = field(default_factory=dict)
    memory_mb: int = 128
    timeout_seconds: float = 3.0
    credentials: Credentials | None = field(default=None, compare=False)
    log_group: str = ""
    is_traced: bool = False
    has_snapshot: bool = False
    code_sha256: str = ""


@dataclass(frozen=True)
class Alias:
    """A name for a version; `weights` are the shares, 0 to 1, that other versions take from it."""

    version: str
    weights: Mapping[str, float] = field(default_factory=dict)

    def choose(self, chance: float) -> str:
        """Return the version that serves; `chance` is uniform in [0, 1)."""
        for version, weight in self.weights.items():
            chance -= weight
            if chance < 0:
                return version
        return self.version


@dataclass(frozen=True)
class Asynchronous:
    """What becomes of events nobody waits for; `on_failure` and `dead_letter` are ARNs.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """

    retries: int = 2
    max_age_seconds: float = 21_600
    on_failure: str | None = None
    dead_letter: str | None = None


@dataclass(frozen=True)
class DeployedFunction:
    """A function with its versions by number and its aliases by name; no `reserved_concurrency` is the account's."""

    name: str
    versions: Mapping[str, Version]
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    reserved_concurrency: int | None = None
    asynchronous: Asynchronous = Asynchronous()
    region: str = "us-east-1"
    account: str = "123456789012"

    @property
    def arn(self) -> str:
        """The unqualified ARN."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"

    def resolve(self, qualifier: str, chance: float) -> str:
        """Return the version that `qualifier` (a version or an alias) means this time.

        Raises:
            ResourceNotFound: it means none.
        """
        alias = self.aliases.get(qualifier)
        version = alias.choose(chance) if alias else qualifier
        if version not in self.versions:
            raise ResourceNotFound(f"Function not found: {self.arn}:{qualifier}")
        return version

    def serves_as(self, other: "DeployedFunction", version: str) -> bool:
        """Whether an environment made for a version of `other` may serve for the same version of this one."""
        same_place = (self.region, self.account) == (other.region, other.account)
        return same_place and version in self.versions and self.versions[version] == other.versions.get(version)

    def at(self, version: str, locations: CodeLocations, log: Path) -> Function:
        """Return what an execution environment of `version` needs to know.

        Raises:
            ImageUnavailable: its code is not here.
        """
        fixed = self.versions[version]
        location = locations.of(fixed.code_sha256)
        return Function(
            fixed.handler or location.command,
            location.python,
            location.code,
            environment={**fixed.environment, **location.environment},
            name=self.name,
            region=self.region,
            account=self.account,
            version=version,
            has_snapshot=fixed.has_snapshot,
            memory_mb=fixed.memory_mb,
            timeout_seconds=fixed.timeout_seconds,
            # Lambda repeats a start that outlasts its 10 s, and then waits as long as for an answer
            init_timeout_seconds=max(_INIT_SECONDS, fixed.timeout_seconds),
            credentials=fixed.credentials,
            log_group=fixed.log_group,
            log=log,
        )
