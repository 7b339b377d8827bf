"""Holidays and worked days as people paste them: one a line, with the line at fault named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workshop.characters import to_half_width
from workshop.errors import N_, Invalid

# Nobody closes for longer at a stretch; a slip in a year would fill the calendar.
LONGEST = 31
MOST_LINES = 200
FIELD = "days"
_DAY = r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:~|—|–|--|至|到|\.\.|\s-\s)\s*{_DAY})?[\s,，:：]*(.*)")
_WORKED = re.compile(r"班|\bwork", re.IGNORECASE)


@dataclass(frozen=True)
class PastedDay:
    """One day that differs from its weekday."""

    day: date
    is_open: bool
    name: str


def read(text: str) -> list[PastedDay]:
    """The days of the text; a line is a day or two with a sign between, and a name behind them.

    A name with 班 or "work" in it makes them working days, any other one days off. A second day
    without a year has that of the first. Raises Invalid that names the first line at fault.
    """
    found: dict[date, PastedDay] = {}
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if not lines:
        raise Invalid(N_("Write at least one day."), field=FIELD)
    if len(lines) > MOST_LINES:
        raise Invalid(N_("At most 200 lines at a time."), field=FIELD)
    for number, line in lines:
        for each in _read_line(number, line):
            found[each.day] = each
    return [found[day] for day in sorted(found)]


def _read_line(number: int, line: str) -> Iterator[PastedDay]:
    match = _LINE.fullmatch(to_half_width(line))
    if match is None or match[1] is None:
        words = N_("Line %(line)s: begin with a day such as 2026-10-01; “%(text)s” does not.")
        raise Invalid(words, field=FIELD, line=number, text=line[:40])
    first = _day(number, match[1], match[2], match[3])
    last = _day(number, match[4] or match[1], match[5], match[6]) if match[5] else first
    if not timedelta(0) <= last - first < timedelta(days=LONGEST):
        words = N_("Line %(line)s: from %(first)s to %(last)s are not 1 to 31 days.")
        raise Invalid(words, field=FIELD, line=number, first=f"{first}", last=f"{last}")
    name = match[7].strip()
    is_open = _WORKED.search(name) is not None
    for place in range((last - first).days + 1):
        yield PastedDay(first + timedelta(days=place), is_open, name)


def _day(number: int, year: str, month: str, day: str) -> date:
    text = f"{year}-{month}-{day}"
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2100:
        words = N_("Line %(line)s: there is no day %(text)s.")
        raise Invalid(words, field=FIELD, line=number, text=text)
    return found
