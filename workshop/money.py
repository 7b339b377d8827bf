"""Money is integer fen. One rounding rule; a total is the sum of its rounded lines.

Source: domain.md §7 (Money).
"""

from __future__ import annotations

import re

from workshop.characters import to_half_width
from workshop.errors import N_, Invalid

MINUTES_AN_HOUR = 60
MILLI = 1000
BASIS_POINTS = 10_000

# Nobody pays ten million yuan for a repair: more is a slip of the hand, and this much still fits
# an ordinary integer column.
LARGEST_TYPED_FEN = 10_000_000_00
# A refusal repeats so much of what was typed; more digits than this are too large anyway.
_LONGEST_SHOWN = 40

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_TYPED = re.compile(r"(?P<yuan>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.(?P<fen>[0-9]*))?")


def round_half_up(numerator: int, denominator: int) -> int:
    """Return the result as a whole number; a half goes away from zero, refunds included.

    The one rounding rule of the house. `denominator` is positive; zero or less is a ValueError.
    """
    if denominator <= 0:
        raise ValueError("The denominator must be positive.")
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def labour_fen(minutes: int, rate_fen_per_hour: int) -> int:
    """Return the price in fen of a labour line: sold minutes at a rate in fen an hour."""
    return round_half_up(minutes * rate_fen_per_hour, MINUTES_AN_HOUR)


def parts_fen(unit_fen: int, quantity_milli: int) -> int:
    """Return the price in fen of a parts line; 4.5 litres are a quantity of 4500."""
    return round_half_up(unit_fen * quantity_milli, MILLI)


def share_fen(fen: int, basis_points: int) -> int:
    """Return a share of an amount in fen, such as a discount; 1250 basis points are 12.5 %."""
    return round_half_up(fen * basis_points, BASIS_POINTS)


def tax_included(total_fen: int, rate_basis_points: int) -> int:
    """Return the tax in fen that a tax-included amount contains; 1300 basis points are 13 %."""
    return round_half_up(total_fen * rate_basis_points, BASIS_POINTS + rate_basis_points)


def fen_from_text(text: str, field: str | None = None) -> int:
    """Return the fen of an amount in yuan as a person types it: "1,234.5", "¥12", "-3元".

    Full-width signs are read like half-width ones. `field` is named in the refusal.
    Raises Invalid when it is empty, no number, finer than a fen, or ten million yuan or more.
    """
    plain, text = _plain_number(text), text[:_LONGEST_SHOWN]
    sign = -1 if plain.startswith("-") else 1
    found = _TYPED.fullmatch(plain.removeprefix("-"))
    if found is None or not (found["yuan"] or found["fen"]):
        raise _not_an_amount(text, field)
    fraction = (found["fen"] or "").ljust(2, "0")
    if fraction[2:].strip("0"):
        raise Invalid(N_("An amount has at most two decimals: %(text)s."), field=field, text=text)
    yuan = (found["yuan"] or "0").replace(",", "").lstrip("0")
    fen = int((yuan or "0")[:_LONGEST_SHOWN]) * 100 + int(fraction[:2])
    if fen >= LARGEST_TYPED_FEN:
        raise Invalid(N_("The amount %(text)s is too large."), field=field, text=text)
    return sign * fen


def _plain_number(text: str) -> str:
    """Leave only digits, separators and one leading minus of what was typed."""
    plain = to_half_width(text).replace("\N{MINUS SIGN}", "-").replace("￥", "¥")
    plain = "".join(plain.split()).removesuffix("元")
    negative = plain.startswith("-")
    plain = plain.removeprefix("-").removeprefix("¥")
    if plain.startswith("-") and not negative:
        negative, plain = True, plain.removeprefix("-")
    return f"-{plain}" if negative else plain


def _not_an_amount(text: str, field: str | None) -> Invalid:
    if not text.strip():
        return Invalid(N_("Enter an amount in yuan, for example 1234.50."), field=field)
    return Invalid(
        N_("“%(text)s” is not an amount in yuan; write it like 1234.50."), field=field, text=text
    )


def format_fen(fen: int) -> str:
    """Return the amount as it is shown: ¥1,234.50, and -¥1,234.50 for a refund."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{rest:02}"


def in_capitals(fen: int) -> str:
    """Return the amount in the Chinese capitals that a settlement list must carry (大写).

    A zero is read where places are skipped: 100105 fen are 壹仟零壹元零伍分. Whole yuan and whole
    jiao end in 整. Negative amounts begin with 负.
    """
    sign = "负" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_read_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan and cents:
        words += "零"
    return sign + words + (f"{_DIGITS[cents]}分" if cents else "整")


def _read_whole(number: int) -> str:
    """Read a whole number in capitals, by the groups 亿 and 万."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, size)
        if high:
            return f"{_read_whole(high)}{name}{_read_after(low, size)}"
    return _read_four_digits(number)


def _read_after(low: int, size: int) -> str:
    """Read what follows a group; a zero stands for leading places that are empty."""
    if low == 0:
        return ""
    gap = "零" if low < size // 10 else ""
    return gap + _read_whole(low)


def _read_four_digits(number: int) -> str:
    """Read a number below ten thousand; a run of inner zeros is read once."""
    spoken = "".join(
        _DIGITS[int(digit)] + place if digit != "0" else "零"
        for digit, place in zip(f"{number:04}", _PLACES, strict=True)
    )
    return re.sub("零+", "零", spoken).strip("零") or "零"
