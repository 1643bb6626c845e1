"""What the user reads when a rehearsal stands; every line of it works when pasted."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rehearsal.scenarios.target import Target
from rehearsal.scenarios.workspace import PROJECT


@dataclass(frozen=True)
class Instructions:
    """The closing words of `make up`.

    Args:
        target: what stands.
        url: where the API answers.
        aws_url: where the local AWS answers.
        environment: the file another terminal sources.
        functions: the names of the functions.
    """

    target: Target
    url: str
    aws_url: str
    environment: Path
    functions: Sequence[str]

    def __str__(self) -> str:
        """Return the whole text."""
        calls = "\n\n".join(f"  {line}" for line in self.curl_lines())
        commands = "\n".join(f"  {line}" for line in self.commands())
        return f"""
The rehearsal stands: {self.target.environment}, layout {self.target.layout}. make down ends it and throws it away.

  API  {self.url}
  AWS  {self.aws_url}

Paste these: register, log in, log a workout, ask the coach.

{calls}

From another terminal, in this folder: a smoke test, Terraform and AWS's tools against what stands.

{commands}
"""

    def curl_lines(self) -> tuple[str, str, str, str]:
        """Return four commands for any POSIX shell, in order."""
        api = f"curl -s {self.url}/api/v1"
        json = "-H 'content-type: application/json'"
        bearer = f'-H "authorization: Bearer $TOKEN" {json}'
        account = '{"email":"me@example.com","password":"correct horse battery"}'
        extract = r"""sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'"""
        squats = '{"exercise":"barbell-back-squat","sets":[{"reps":5,"weight_kg":80,"rpe":8}]}'
        question = '{"message":"How much protein do I need to build muscle?"}'
        return (
            f"{api}/users/register {json} -d '{account}'; echo",
            f"TOKEN=$({api}/users/login {json} -d '{account}' | {extract})",
            f"{api}/workouts-db/logs {bearer} -d '{squats}'; echo",
            f"{api}/chat/send {bearer} -d '{question}'; echo",
        )

    def commands(self) -> list[str]:
        """Return commands for another terminal."""
        return [
            f". {self._named(self.environment)}",
            f"make smoke URL={self.url}",
            f"terraform -chdir={self._named(self.target.sources)} plan",
            *(f"aws logs tail /aws/lambda/{name} --follow  # AWS CLI 2" for name in self.functions),
        ]

    @staticmethod
    def _named(path: Path) -> str:
        return os.path.relpath(path, PROJECT) if path.is_relative_to(PROJECT) else str(path)
