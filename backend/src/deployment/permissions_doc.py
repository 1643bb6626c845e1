"""The part of docs/security.md that says what the functions may do, made of what Terraform puts out.

`{name}` (prefix-environment), `{region}`, `{account}` and `{random}` stand for what differs from account to account.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_BEGIN = (
    "<!-- permissions: written by `make rehearse ARGS=--write-docs`, and held to Terraform by every rehearsal -->\n"
)
_END = "<!-- end of permissions -->\n"
_SECRET = re.compile(r"(:secret:.+)-\w{6}$")
"""Secrets Manager ends a secret's ARN with six random characters."""
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")

Statements = Mapping[str, Mapping[str, Any]]
"""Statement id -> actions, resources, why, and where there are any, conditions and any_resource_because."""


class MarkersNotFound(ValueError):
    """A document has no place for the permissions, or two."""


def table(permissions: Mapping[str, Statements], *, name: str, region: str) -> str:
    """Return a Markdown table for each function: statement, actions, resources, why.

    Args:
        permissions: the output `permissions`, by function.
        name: what the names of the environment begin with, such as coachwork-prod.
        region: where it lies.
    """

    def said(text: str) -> str:
        named = text.replace(name, "{name}").replace(region, "{region}")
        return _SECRET.sub(r"\1-{random}", _ACCOUNT.sub("{account}", named))

    parts = []
    for function, statements in sorted(permissions.items()):
        rows = [f"| `{sid}` | {_cells(statement, said)} |" for sid, statement in sorted(statements.items())]
        parts.append(
            "\n".join([f"### `{{name}}-{function}`\n", "| statement | may | on | for |", "|---|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def with_permissions(document: str, written: str) -> str:
    """Return the document with this between its two marks.

    Raises:
        MarkersNotFound: the marks are not there, once each and in their order.
    """
    before, begin, rest = document.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end) or _BEGIN in after or _END in after:
        raise MarkersNotFound("docs/security.md wants the two marks of permissions, once each")
    return f"{before}{begin}\n{written}\n{end}{after}"


def _cells(statement: Mapping[str, Any], said: Callable[[str], str]) -> str:
    actions = _list(sorted(statement["actions"]))
    resources = _list(said(one) for one in sorted(statement["resources"]))
    conditions = [
        f"if `{one['variable']}` {one['test']} {_list(said(value) for value in one['values'])}"
        for one in statement.get("conditions") or ()
    ]
    why = said(str(statement["why"]))
    if because := statement.get("any_resource_because"):
        why += f"; {because}"
    return " | ".join([actions, "<br>".join([resources, *conditions]), why])


def _list(words: Iterable[str]) -> str:
    return "<br>".join(f"`{word}`" for word in words)
