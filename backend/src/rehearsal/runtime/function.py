"""What a function is to its execution environment: handler, variables, limits, credentials."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

CREDENTIALS_PATH = "/2021-04-23/credentials"
"""Where a function with a snapshot asks for its role's keys."""


@dataclass(frozen=True)
class Credentials:
    """The temporary keys of the function's role; the secrets stay out of `repr`."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)

    def variables(self) -> dict[str, str]:
        """Return them as Lambda hands them to a function."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }

    def container(self) -> dict[str, str]:
        """Return them as Lambda answers a function with a snapshot, which asks again before they end."""
        ends = datetime.now(UTC) + timedelta(hours=6)
        return {
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret_access_key,
            "Token": self.session_token,
            "Expiration": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
        }


@dataclass(frozen=True)
class Function:
    """A function's configuration, as a deployment would fix it.

    Args:
        handler: `module.name`, as the image's CMD has it.
        python: the interpreter of an environment that has the image's packages.
        code: the folder the handler's module lies in; becomes the working directory.
        environment: the function's own variables; nothing of ours is inherited.
        log: receives standard output and error; thrown away when None.
        has_snapshot: whether environments begin as copies of a snapshot (SnapStart).
        memory_mb: how much the process may have resident, enforced where there is a /proc.
    """

    handler: str
    python: Path
    code: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = "rehearsal"
    region: str = "us-east-1"
    account: str = "123456789012"
    version: str = "$LATEST"
    has_snapshot: bool = False
    memory_mb: int = 1024
    timeout_seconds: float = 30.0
    init_timeout_seconds: float = 10.0
    credentials: Credentials | None = None
    log_group: str = ""
    log: Path | None = None

    def __post_init__(self) -> None:
        """Name the log group as Lambda does when the deployment names none."""
        if not self.log_group:
            object.__setattr__(self, "log_group", f"/aws/lambda/{self.name}")

    @property
    def arn(self) -> str:
        """The unqualified ARN."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"

    def new_log_stream(self) -> str:
        """Return a name for the log of one more execution environment, as Lambda makes them."""
        return f"{datetime.now(UTC):%Y/%m/%d}/[{self.version}]{secrets.token_hex(16)}"

    def variables(self, runtime_api: str, log_stream: str, credentials_token: str = "") -> dict[str, str]:
        """Return the process's whole environment; Lambda's reserved names win over the function's own.

        A snapshot would outlive keys, and knows of no log stream: there, who shows the token is given keys when asked.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
        """
        return {
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "TZ": ":UTC",
            **self.environment,
            **(self._apart(runtime_api, credentials_token) if self.has_snapshot else self._at_once(log_stream)),
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": self.version,
            "AWS_LAMBDA_RUNTIME_API": runtime_api,
            "AWS_REGION": self.region,
            "LAMBDA_TASK_ROOT": str(self.code),
            "_HANDLER": self.handler,
        }

    def _at_once(self, log_stream: str) -> dict[str, str]:
        return {
            **(self.credentials.variables() if self.credentials else {}),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": self.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        }

    def _apart(self, runtime_api: str, token: str) -> dict[str, str]:
        keys = {
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{runtime_api}{CREDENTIALS_PATH}",
        }
        return {**(keys if self.credentials else {}), "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
