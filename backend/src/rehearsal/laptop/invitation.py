"""What the user reads when everything is up; every line of it works when pasted."""

from rehearsal.laptop.visitor import DEMO_EMAIL


def curl_lines(url: str, password: str) -> tuple[str, str, str]:
    """Return three commands for any POSIX shell, in order: log in, log a workout, ask the coach."""
    api = f"curl -s {url}/api/v1"
    json = "-H 'content-type: application/json'"
    bearer = f'-H "authorization: Bearer $TOKEN" {json}'
    extract = r"""sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'"""
    return (
        f"""TOKEN=$({api}/users/login {json} -d '{{"email":"{DEMO_EMAIL}","password":"{password}"}}' | {extract})""",
        f"""{api}/workouts-db/ {bearer} -d '{{"name":"Lower body A"}}'; echo""",
        f"""{api}/chat/send {bearer} -d '{{"message":"How much protein do I need to build muscle?"}}'; echo""",
    )


def invitation(url: str, password: str, model: str) -> str:
    """Return the closing words of a start."""
    lines = "\n\n".join(f"  {line}" for line in curl_lines(url, password))
    return f"""
Coachwork is running. Ctrl-C stops it; what you do here is kept for the next run.

  API    {url}
  Docs   {url}/docs
  Demo   {DEMO_EMAIL}  {password}
  Model  {model}

Paste these: log in, log a workout, ask the coach.

{lines}
"""
