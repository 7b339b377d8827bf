"""Where a table begins: the row of its names, below titles and above what it holds.

Old systems print a title, a date or a merged line above their columns and a total below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from workshop.characters import to_half_width

# So many rows are looked at for the names; more titles than this no program prints.
LOOKED_AT = 30

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NO_PART = re.compile(r"[\s*:_\-.、·/#]+")
_TOTAL = re.compile(
    r"(合计|总计|小计|共计|总共|本页合计|grandtotal|subtotal|total|totals|sum)(共?[\d.,¥]*[条行辆元]?)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[-+]?¥?[\d.,()\s]*[%元条行辆]?")


def normal_name(text: str) -> str:
    """A column's name as names are compared: “ 手机号码（必填）” and “手机号码*” are one name."""
    plain = to_half_width(text).casefold()
    return _NO_PART.sub("", _ASIDE.sub("", plain)) or _NO_PART.sub("", plain)


@dataclass(frozen=True)
class Found:
    """The names of the columns, and which of the rows looked at name them, first to last."""

    names: tuple[str, ...]
    first: int
    index: int
    matches: int


def find_header(rows: Sequence[Sequence[str]], known: Set[str]) -> Found | None:
    """The row that has most of the known names; without any, the first full one; None without rows.

    A name may stand in a second row below a merged one, or be merged down into it.
    """
    if not any(any(row) for row in rows):
        return None
    index = max(range(len(rows)), key=lambda each: (_matches(rows[each], known), -each))
    if not _matches(rows[index], known):
        index = _first_full(rows)
        return Found(_names(rows[index]), index, index, 0)
    names, first = list(rows[index]), index
    if index and not _is_line_of_title(rows[index - 1]):
        names = _put_into_gaps(names, rows[index - 1], known)
    if index + 1 < len(rows) and _is_second_row(rows[index], rows[index + 1], known):
        names = _laid_over(names, rows[index + 1])
        index += 1
    return Found(_names(names), first, index, _matches(names, known))


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row only sums up the others: 合计, and nothing beside it but figures.

    A brand may be called Total, so a row with other words is none.
    """
    filled = [each for each in cells if each.strip()]
    if not filled or not _TOTAL.fullmatch(normal_name(filled[0])):
        return False
    return all(_FIGURE.fullmatch(to_half_width(each).strip()) for each in filled[1:])


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cells[:end])


def _names(row: Sequence[str]) -> tuple[str, ...]:
    return trimmed([" ".join(each.split()) for each in row])


def _matches(row: Sequence[str], known: Set[str]) -> int:
    return len({normal_name(each) for each in row if each} & known)


def _first_full(rows: Sequence[Sequence[str]]) -> int:
    """Names are often fewer than what stands below them, titles are one or two."""
    most = max(_filled(row) for row in rows)
    return next(index for index, row in enumerate(rows) if 2 * _filled(row) > most)


def _filled(row: Sequence[str]) -> int:
    return sum(1 for each in row if each.strip())


def _is_line_of_title(row: Sequence[str]) -> bool:
    return _filled(row) <= 1


def _put_into_gaps(names: list[str], above: Sequence[str], known: Set[str]) -> list[str]:
    """The names, and where there is none the known one that is merged down from above."""
    wide = max(len(names), len(above))
    pairs = zip(_padded(names, wide), _padded(above, wide), strict=True)
    return [here or (over if normal_name(over) in known else "") for here, over in pairs]


def _is_second_row(first: Sequence[str], second: Sequence[str], known: Set[str]) -> bool:
    """Whether the next row names columns too: nothing in it but known names the first has not."""
    named = {normal_name(each) for each in second if each.strip()}
    return bool(named) and named <= known and not named & {normal_name(each) for each in first}


def _laid_over(names: Sequence[str], below: Sequence[str]) -> list[str]:
    wide = max(len(names), len(below))
    pairs = zip(_padded(names, wide), _padded(below, wide), strict=True)
    return [under or here for here, under in pairs]


def _padded(row: Sequence[str], wide: int) -> list[str]:
    return [*row, *[""] * (wide - len(row))]
