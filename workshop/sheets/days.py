"""Dates as old systems write them: 2021/1/5, 21.1.5, 2021年1月5日, 20210105, 44197, 5/1/2021.

01-03-2016 is the first of March or the third of January: which, is said once for a column.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from workshop.characters import to_half_width
from workshop.errors import N_
from workshop.sheets.cells import Cell, bare, is_empty, refused, shortened, warned

EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_PARTS = re.compile(
    r"(?P<a>[0-9]{1,4})(?:[-/.]|年)(?P<b>[0-9]{1,2})(?:[-/.]|月)(?P<c>[0-9]{1,4})日?"
)
_TIME = re.compile(r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.[0-9]+)?)?")
_RUN = re.compile(r"(?:19|20)[0-9]{6}")
# Days since 1954 and until 2119 as a spreadsheet counts them; years and plain numbers are none.
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?")
# What programs write for no date: the day zero of their own count.
_NO_DAY = re.compile(
    r"0|0{4}-0?0-0?0|0{4}/0?0/0?0|1900-0?1-0?[01]|1900/0?1/0?[01]|1899-12-3[01]|0001-01-01"
)
_ZERO_OF_PROGRAMS = date(1970, 1, 1)
_MIDDLE_OF_CENTURY = 70


class _Ambiguous(ValueError):
    """Day and month could be either."""


def is_ambiguous(cell: str) -> bool:
    """Whether somebody has to say if the day stands first."""
    if is_empty(cell):
        return False
    try:
        _parse(_plain(cell), EPOCH, None)
    except _Ambiguous:
        return True
    except ValueError:
        return False
    return False


def day(cell: str, epoch: date = EPOCH, day_first: bool | None = None) -> Cell[date]:
    """A date; `epoch` is day 0 of the file's numbers, `day_first` what was said of the column."""
    found = moment(cell, epoch, day_first)
    return Cell(found.value.date() if found.value else None, found.warning, found.refusal)


def moment(cell: str, epoch: date = EPOCH, day_first: bool | None = None) -> Cell[datetime]:
    """A date with its time of day in the shop's own zone; without a time it is midnight."""
    plain = _plain(cell)
    if is_empty(cell) or _NO_DAY.fullmatch(plain.split(" ")[0]):
        return Cell()
    try:
        found = _parse(plain, epoch, day_first)
    except _Ambiguous:
        return refused(
            N_(
                "“%(text)s” can be read in two ways. Say for the column which comes first, "
                "day or month."
            ),
            text=shortened(cell),
        )
    except ValueError:
        return refused(
            N_("“%(text)s” is not a date. Write it like 2026-01-05."), text=shortened(cell)
        )
    if found.date() == _ZERO_OF_PROGRAMS:
        return warned(
            found, N_("Many programs write %(text)s where there is no date."), text=shortened(cell)
        )
    return Cell(found)


def _plain(cell: str) -> str:
    return " ".join(to_half_width(bare(cell)).replace("T", " ").split())


def _parse(plain: str, epoch: date, day_first: bool | None) -> datetime:
    """Raises ValueError for no date, _Ambiguous for two."""
    if _SERIAL.fullmatch(plain):
        return _from_number(plain, epoch)
    if _RUN.fullmatch(plain):
        return _checked(datetime.strptime(plain, "%Y%m%d").date(), time())  # noqa: DTZ007
    head, _, tail = plain.partition(" ")
    if not tail and (joined := re.fullmatch(r"(.*日)([0-9]{1,2}:.*)", plain)):
        head, tail = joined[1], joined[2]
    found = _PARTS.fullmatch(head)
    if found is None:
        raise ValueError(plain)
    return _checked(_from_parts(found["a"], found["b"], found["c"], day_first), _time(tail))


def _from_number(plain: str, epoch: date) -> datetime:
    whole = datetime.combine(epoch, time()) + timedelta(days=float(plain))
    return _checked(whole.date(), whole.time().replace(microsecond=0))


def _from_parts(a: str, b: str, c: str, day_first: bool | None) -> date:
    if len(a) > 2:
        return date(int(a), int(b), int(c))
    if len(c) > 2:
        return _from_two(int(c), int(a), int(b), day_first)
    if int(a) > 12:
        return date(_century(int(a)), int(b), int(c))
    if day_first is None:
        raise _Ambiguous
    return _from_two(_century(int(c)), int(a), int(b), day_first)


def _from_two(year: int, first: int, second: int, day_first: bool | None) -> date:
    """Day and month in whichever order they can be; raises _Ambiguous when both can."""
    if first > 12 or second > 12 or first == second:
        day_first = first > 12
    if day_first is None:
        raise _Ambiguous
    return date(year, second, first) if day_first else date(year, first, second)


def _century(year: int) -> int:
    return year + (1900 if year >= _MIDDLE_OF_CENTURY else 2000)


def _time(text: str) -> time:
    if not text:
        return time()
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return time(int(found["h"]), int(found["m"]), int(found["s"] or 0))


def _checked(found: date, at: time) -> datetime:
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(found)
    return datetime.combine(found, at)
