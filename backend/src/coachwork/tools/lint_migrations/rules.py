"""What a migration may not do to what was there before it, for the release before it still runs, and people wait.

Source: https://www.postgresql.org/docs/current/sql-altertable.html (which forms rewrite, scan and lock)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coachwork.tools.lint_migrations.catalogue import Catalogue

Found = Iterator[tuple[str, str]]
Rule = Callable[[Catalogue, Catalogue], Found]


@dataclass(frozen=True)
class Finding:
    """What a migration did: the rule's name, to what, and what to do instead."""

    rule: str
    subject: str
    advice: str

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}: {self.advice}"


def findings(before: Catalogue, after: Catalogue, *, is_concurrent: bool = False) -> list[Finding]:
    """Return what the rules refuse; `is_concurrent` where no index was built in a transaction."""
    return [
        Finding(name, subject, advice)
        for rule in _RULES
        if not (is_concurrent and rule is _indexes)
        for name, subject in rule(before, after)
        for advice in [ADVICE[name]]
    ]


ADVICE = {
    "changed-default": "the release before leaves the column out: keep its default until no release does",
    "changed-function": "the release before calls it as it was: make another beside it",
    "changed-policy": "the release before relies on it: add a policy first, drop the old one in a later release",
    "disabled-policies": "row level security is the guard: nothing may do without it",
    "dropped-column": "the release before reads it: drop it one release after the last that does",
    "dropped-label": "the release before knows it: a value stays",
    "dropped-relation": "the release before reads it: drop it one release after the last that does",
    "index-locks": "whoever writes waits: build it concurrently, in a file of its own `-- outside a transaction`",
    "not-null-scans": "people wait while every row is read: add a check not valid, validate it apart, then this",
    "renamed-column": "the release before knows the old name: add another, write both, drop the old one later",
    "renamed-relation": "the release before knows the old name: make a view of the new name instead",
    "required-column": "the release before leaves it out: give it a default",
    "restricted-policy": "a restrictive policy takes away what the release before may do",
    "retyped-column": "the release before knows the old type, and people wait for the rewriting: add another column",
    "revoked-grant": "the release before uses it: revoke it one release after the last that does",
    "rewritten-relation": "people wait while it is rewritten: add the column without a volatile default, fill it apart",
    "validated-constraint": "people wait while every row is checked: add it not valid, validate it in another file",
}
"""By the name of a rule: why, and what to do instead."""


def _relations(before: Catalogue, after: Catalogue) -> Found:
    for oid, (name, file, is_guarded) in before.relations.items():
        if oid not in after.relations:
            yield "dropped-relation", name
            continue
        new_name, new_file, is_still_guarded = after.relations[oid]
        if new_name != name:
            yield "renamed-relation", name
        if is_guarded and not is_still_guarded:
            yield "disabled-policies", name
        if file != new_file:
            yield "rewritten-relation", name


def _columns(before: Catalogue, after: Catalogue) -> Found:
    for key, (oid, name, type_, is_required, has_default) in before.columns.items():
        if oid not in after.relations:
            continue
        if key not in after.columns:
            yield "dropped-column", before.column(key)
            continue
        _, new_name, new_type, is_now_required, has_still_default = after.columns[key]
        if new_name != name:
            yield "renamed-column", before.column(key)
        if new_type != type_:
            yield "retyped-column", before.column(key)
        if is_now_required and not is_required and not _is_proved(before, key):
            yield "not-null-scans", before.column(key)
        if is_now_required and has_default and not has_still_default:
            yield "changed-default", before.column(key)


def _new_columns(before: Catalogue, after: Catalogue) -> Found:
    for key, (oid, _, _, is_required, has_default) in after.columns.items():
        if oid in before.relations and key not in before.columns and is_required and not has_default:
            yield "required-column", after.column(key)


def _is_proved(before: Catalogue, key: str) -> bool:
    oid, name, *_ = before.columns[key]
    proofs = {f"CHECK (({quoted} IS NOT NULL))" for quoted in (name, f'"{name}"')}
    return any(
        table == oid and is_validated and definition in proofs
        for table, _, _, is_validated, definition in before.constraints.values()
    )


def _indexes(before: Catalogue, after: Catalogue) -> Found:
    for oid, (table, name) in after.indexes.items():
        if oid not in before.indexes and table in before.relations:
            yield "index-locks", name


def _constraints(before: Catalogue, after: Catalogue) -> Found:
    for oid, (table, name, kind, is_validated, _) in after.constraints.items():
        is_new = oid not in before.constraints
        if is_new and table in before.relations and kind in {"c", "f"} and is_validated:
            yield "validated-constraint", f"{name} on {after.relation(table)}"


def _functions(before: Catalogue, after: Catalogue) -> Found:
    for name, signature in before.functions.items():
        if after.functions.get(name) != signature:
            yield "changed-function", name


def _policies(before: Catalogue, after: Catalogue) -> Found:
    for key, (name, table, *rule) in before.policies.items():
        if table in after.relations and list(after.policies.get(key, ()))[2:] != rule:
            yield "changed-policy", name
    for key, (name, table, is_permissive, *_) in after.policies.items():
        if key not in before.policies and table in before.relations and not is_permissive:
            yield "restricted-policy", name


def _grants(before: Catalogue, after: Catalogue) -> Found:
    for grant, (thing,) in before.grants.items():
        if grant not in after.grants and thing in after.owned:
            yield "revoked-grant", grant


def _labels(before: Catalogue, after: Catalogue) -> Found:
    for label in before.labels.keys() - after.labels.keys():
        yield "dropped-label", label


_RULES: tuple[Rule, ...] = (
    _relations,
    _columns,
    _new_columns,
    _indexes,
    _constraints,
    _functions,
    _policies,
    _grants,
    _labels,
)
