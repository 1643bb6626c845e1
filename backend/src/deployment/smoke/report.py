"""What the user reads: a line a check, what is wrong below it, and a last line."""

from deployment.smoke.outcome import Check, Outcome

_NAME_WIDTH = 21


def line_of(check: Check) -> str:
    """Return the check's line and, where it failed, those that say why."""
    if check.is_skipped or check.is_not_tried:
        return f"– {check.name:<{_NAME_WIDTH}}          {check.note}"
    line = f"{'✗' if check.failure else '✓'} {check.name:<{_NAME_WIDTH}} {check.seconds:5.2f} s  {check.note}".rstrip()
    return "\n".join([line, *(f"    {text}" for text in check.failure.splitlines())])


def last_line(outcome: Outcome) -> str:
    """Return the run in one line."""
    tried = [check for check in outcome.checks if not check.is_skipped and not check.is_not_tried]
    counted = f"smoke: {_counted(outcome.requests, 'request')}, {_counted(len(tried), 'check')}"
    failed = [check.name for check in outcome.failures]
    skipped = [check.name for check in outcome.checks if check.is_skipped]
    said = f"{len(failed)} failed: {', '.join(failed)}" if failed else "all as expected"
    return "; ".join([f"{counted}, {said}", *([f"skipped: {', '.join(skipped)}"] if skipped else [])])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
