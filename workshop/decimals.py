"""Numbers as people type them: digits and one decimal sign, and nothing else.

Every field for an amount, a quantity, a percentage or a count reads through here. A machine's ways
of writing a number, such as 1e2, 1_000, NaN or the digits of other scripts, are no number here.
"""

from __future__ import annotations

import re

from workshop.characters import to_half_width

_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{0,30})(?:\.(?P<rest>[0-9]{0,30}))?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")


def read_scaled(text: str, decimals: int) -> int | None:
    """A typed number in units of its last decimal: (“4.5”, 3) → 4500, (“-１，２００”, 0) → -1200.

    Full-width signs are read like half-width ones, commas only between groups of three. None for
    what is no number, or finer than `decimals` places.
    """
    plain = to_half_width(text).replace("\N{MINUS SIGN}", "-").strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    found = _NUMBER.fullmatch(plain)
    if found is None or not (found["whole"] or found["rest"]):
        return None
    rest = (found["rest"] or "").ljust(decimals, "0")
    if rest[decimals:].strip("0"):
        return None
    number = int(found["whole"] + rest[:decimals] or "0")
    return -number if found["sign"] else number
