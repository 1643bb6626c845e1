"""Moments out of the ways apps write them, mostly without a zone: then the caller's zone decides."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.imports.values import BadValue, shown

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_TIME = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})([.,](?P<fraction>[0-9]{1,9}))?)?"
_CLOCK = rf"(,? (at )?|T){_TIME}( ?(?P<half>[AaPp])\.?[Mm]\.?)?(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?"
_DATES = (
    r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})",
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",
    r"(?P<day>[0-9]{1,2}) (?P<name>[A-Za-z]+)\.? (?P<year>[0-9]{4})",
    r"(?P<name>[A-Za-z]+)\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})",
)
_FORMATS = [re.compile(rf"{date}({_CLOCK})?") for date in _DATES]
_SPACES = re.compile(r"\s+")
_WANTED = "wants a time like 2026-03-28 17:29:00 or 28 Mar 2026, 17:29, its month in English"


@lru_cache(maxsize=4096)
def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """Return the moment a text tells, in UTC; a date alone is its noon.

    A time without a zone is one of `zone`. Of an hour that clocks repeat it is the first; a time that clocks skip
    is taken as if they had not been changed yet, so 02:30 is shown as 03:30 afterwards (PEP 495, fold 0).

    Raises:
        BadValue: it tells none, or one whose day and month could be exchanged, as 05/06/2026.
    """
    spaced = _SPACES.sub(" ", text).strip()
    found = next(filter(None, (form.fullmatch(spaced) for form in _FORMATS)), None)
    if found is None:
        raise BadValue(f"{_WANTED}: {shown(spaced)}")
    parts = found.groupdict()
    try:
        local = datetime(int(parts["year"]), _month(parts), int(parts["day"]), *_clock(parts), tzinfo=zone)
        given = parts["zone"]
        aware = local.replace(tzinfo=datetime.strptime(given, "%z").tzinfo) if given else local
        return aware.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadValue(f"{_WANTED}: {shown(spaced)}") from error


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name")
    return _MONTHS.get(name.casefold(), 0) if name else int(parts.get("month") or 0)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int, int]:
    if parts["hour"] is None:
        return 12, 0, 0, 0
    hour, half = int(parts["hour"]), (parts["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("a clock of twelve hours has none of these")
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = (parts["fraction"] or "")[:6].ljust(6, "0")
    return hour, int(parts["minute"] or 0), int(parts["second"] or 0), int(fraction)
