"""What the user reads when everything is up; every line of it works when pasted."""

from dataclasses import dataclass
from pathlib import Path

from rehearsal.laptop.client import DEMO_EMAIL


@dataclass(frozen=True)
class Instructions:
    """The closing words of a start.

    Args:
        url: where the API is.
        password: the demo account's; empty when its owner has changed it.
        model: who answers.
        state: where everything is kept.
        data: where the database really lies, when that is elsewhere.
    """

    url: str
    password: str
    model: str
    state: Path
    data: Path

    def __str__(self) -> str:
        """Return the whole text."""
        lines = "\n\n".join(f"  {line}" for line in self.curl_lines())
        return f"""
Coachwork is running. Ctrl-C stops it; what you do here is kept for the next run.

  API    {self.url}
  Docs   {self.url}/docs
  Demo   {DEMO_EMAIL}  {self.password or "(with the password you gave it)"}
  Model  {self.model}
  State  {self.state}{self._elsewhere()}

Paste these: log in, log a workout, ask the coach.

{lines}
"""

    def curl_lines(self) -> tuple[str, str, str]:
        """Return three commands for any POSIX shell, in order: log in, log a workout, ask the coach."""
        api = f"curl -s {self.url}/api/v1"
        json = "-H 'content-type: application/json'"
        bearer = f'-H "authorization: Bearer $TOKEN" {json}'
        account = f'{{"email":"{DEMO_EMAIL}","password":"{self.password or "..."}"}}'
        extract = r"""sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'"""
        squats = '{"exercise":"barbell-back-squat","sets":[{"reps":5,"weight_kg":80,"rpe":8}]}'
        question = '{"message":"How much protein do I need to build muscle?"}'
        return (
            f"TOKEN=$({api}/users/login {json} -d '{account}' | {extract})",
            f"{api}/workouts-db/logs {bearer} -d '{squats}'; echo",
            f"{api}/chat/send {bearer} -d '{question}'; echo",
        )

    def _elsewhere(self) -> str:
        inside = self.state.resolve() in self.data.parents
        return "" if inside else f", its database in {self.data.parent}"
