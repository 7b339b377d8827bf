"""What the text of a cell means: its value, what is odd about it, or why it is refused.

A cell that is empty, or says so (无, NULL, #N/A, -), has no value and no fault. Digits that a
spreadsheet has thrown away (1.38E+10) are refused and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from workshop import decimals, money
from workshop.characters import plain_name, seen, to_half_width
from workshop.errors import N_, Invalid
from workshop.sheets.headers import normal_name
from workshop.sheets.words import Words

T = TypeVar("T")


@dataclass(frozen=True)
class Cell(Generic[T]):
    """What was read: a value or none, and words. With a refusal there is no value."""

    value: T | None = None
    warning: Words | None = None
    refusal: Words | None = None


def refused(message: str, **values: object) -> Cell[T]:
    """A cell that cannot be taken; the words say why and what is wanted."""
    return Cell(refusal=Words(message, values))


def warned(value: T, message: str, **values: object) -> Cell[T]:
    """A value that is taken, and what is odd about it."""
    return Cell(value, warning=Words(message, values))


MILLI = 3
_LONGEST_SHOWN = 40
# fmt: off
_NOTHING = {
    "", "-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "(空)",
    "null", "(null)", "none", "nan", "nat", "nil", "n/a", "na",
    "#n/a", "#null!", "#value!", "#ref!", "#name?", "#div/0!", "#num!",
}
# fmt: on
_LOST = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
DIGITS_LOST = N_(
    "“%(text)s” has lost its last digits in a spreadsheet. Set the column to text there and fill "
    "it in again."
)


def bare(text: str) -> str:
    """The text without what cannot be seen, blanks around it, and a quote that marks it as text."""
    return seen(text).strip().removeprefix("'").strip()


def is_empty(text: str) -> bool:
    """Whether a cell says nothing; 0 and “no” are something."""
    return to_half_width(bare(text)).casefold() in _NOTHING


def has_lost_digits(text: str) -> bool:
    """Whether a spreadsheet has shortened a long number: 1.38E+10, or the part number 8E10."""
    return _LOST.fullmatch(to_half_width(bare(text))) is not None


def shortened(text: str) -> str:
    """What is repeated of a cell in words about it."""
    plain = bare(text)
    return plain if len(plain) <= _LONGEST_SHOWN else plain[:_LONGEST_SHOWN] + "…"


def text(cell: str, most: int = 200) -> Cell[str]:
    """A name or a note of at most `most` characters, as it is kept."""
    return _limited(bare(cell), most) if not is_empty(cell) else Cell()


def name(cell: str, most: int = 200) -> Cell[str]:
    """A name on one line, with its letters and digits half-width."""
    return _limited(plain_name(bare(cell)), most) if not is_empty(cell) else Cell()


def code(cell: str, most: int = 60) -> Cell[str]:
    """A code in half-width signs; a number of a part that lost its digits is refused.

    What a spreadsheet made of a whole number is taken back: 8801.0 is 8801.
    """
    if is_empty(cell):
        return Cell()
    if has_lost_digits(cell):
        return refused(DIGITS_LOST, text=shortened(cell))
    return _limited(_without_point(to_half_width(bare(cell))), most)


def whole(cell: str, least: int = 0, most: int = 10**9) -> Cell[int]:
    """A whole number such as a number of minutes or days."""
    return _number(cell, 0, least, most)


def quantity(cell: str, most: int = 10**9) -> Cell[int]:
    """A quantity in thousandths, 4.5 → 4500; a negative one is taken and flagged."""
    return _number(cell, MILLI, -most, most)


def money_fen(cell: str) -> Cell[int]:
    """An amount in fen: ¥1,280.00, 1280元, (50) for −50; parts of a fen are rounded and flagged."""
    if is_empty(cell):
        return Cell()
    if has_lost_digits(cell):
        return refused(DIGITS_LOST, text=shortened(cell))
    plain = _signed(to_half_width(bare(cell)))
    rounded, was_rounded = _to_fen(plain)
    try:
        fen = money.fen_from_text(rounded)
    except Invalid as error:
        return refused(error.message, **error.values)
    if was_rounded:
        return warned(fen, N_("“%(text)s” is rounded to whole fen."), text=shortened(cell))
    return _flagged(fen, cell)


_KM = re.compile(r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<wan>万|w)?(?:公里|千米|km|kms)?")


def mileage(cell: str, last: int | None = None) -> Cell[int]:
    """An odometer in whole kilometres: 5.2万, 52,000公里; one below `last` is flagged."""
    if is_empty(cell):
        return Cell()
    found = _KM.fullmatch("".join(to_half_width(bare(cell)).casefold().split()))
    milli = decimals.read_scaled(found["number"], MILLI + 1) if found else None
    if found is None or milli is None:
        return refused(
            N_("“%(text)s” is no mileage. Write kilometres, for example 52000."),
            text=shortened(cell),
        )
    km = milli * (10_000 if found["wan"] else 1) // 10 ** (MILLI + 1)
    if last is not None and km < last:
        return warned(
            km, N_("%(km)s km is less than the %(last)s km known before."), km=km, last=last
        )
    return Cell(km)


def choice(cell: str, choices: Mapping[str, T]) -> Cell[T]:
    """One of several words; the keys of `choices` are what people write, by `normal_name`."""
    if normal_name(cell) in choices:
        return Cell(choices[normal_name(cell)])
    if is_empty(cell):
        return Cell()
    return refused(N_("“%(text)s” is not known here."), text=shortened(cell))


_YES = dict.fromkeys(
    ("是", "有", "y", "yes", "true", "1", "√", "✓", "同意", "已", "对", "on"), True
)
_NO = dict.fromkeys(
    ("否", "无", "没有", "n", "no", "false", "0", "×", "x", "不同意", "未", "off"), False
)


def yes_no(cell: str) -> Cell[bool]:
    """Yes or no; here 无 means no."""
    return choice(cell, _YES | _NO)


def _limited(plain: str, most: int) -> Cell[str]:
    if "\N{REPLACEMENT CHARACTER}" in plain:
        return refused(
            N_("“%(text)s” has signs that could not be read. Choose another encoding."),
            text=shortened(plain),
        )
    if len(plain) > most:
        return refused(
            N_("“%(text)s” has %(length)s characters; there is room for %(most)s."),
            text=shortened(plain),
            length=len(plain),
            most=most,
        )
    return Cell(plain)


def _number(cell: str, decimals_kept: int, least: int, most: int) -> Cell[int]:
    if is_empty(cell):
        return Cell()
    if has_lost_digits(cell):
        return refused(DIGITS_LOST, text=shortened(cell))
    number = decimals.read_scaled(_signed(to_half_width(bare(cell))), decimals_kept)
    if number is None:
        return refused(N_("“%(text)s” is not a number."), text=shortened(cell))
    if not least <= number <= most:
        return refused(N_("“%(text)s” is too large or too small."), text=shortened(cell))
    return _flagged(number, cell)


def _flagged(number: int, cell: str) -> Cell[int]:
    if number < 0:
        return warned(number, N_("“%(text)s” is negative."), text=shortened(cell))
    return Cell(number)


_IN_BRACKETS = re.compile(r"\((?P<inside>[^()\-]+)\)")


def _signed(plain: str) -> str:
    """A negative number as accountants write it, (50), with a minus."""
    found = _IN_BRACKETS.fullmatch(plain.strip())
    return "-" + found["inside"].strip() if found else plain


_LONG_FRACTION = re.compile(r"(?P<fen>.*\.[0-9]{2})(?P<rest>[0-9]{1,13})(?P<unit>\s*元?)")


def _to_fen(plain: str) -> tuple[str, bool]:
    """An amount to two decimals, and whether it had more."""
    found = _LONG_FRACTION.fullmatch(plain)
    if found is None or not found["rest"].strip("0"):
        return plain, False
    head, fen = found["fen"].rsplit(".", 1)
    digits = re.sub(r"[^0-9]", "", head) or "0"
    up = int(found["rest"][0] >= "5")
    yuan, cents = divmod(int(digits + fen) + up, 100)
    minus = "-" if "-" in head else ""
    return f"{minus}{yuan}.{cents:02}", True


def _without_point(plain: str) -> str:
    return plain[:-2] if re.fullmatch(r"[0-9]{4,}\.0", plain) else plain
