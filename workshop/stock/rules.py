"""Numbers and quantities of parts as people write them, and as they are looked for."""

from __future__ import annotations

import re

from workshop.characters import to_half_width


def plain_no(no: str) -> str:
    """A part's number as it is looked for: “wg-12 345 b” and “WG12345B” are the same."""
    return re.sub(r"[\s\-‐-―]", "", to_half_width(no)).upper()


def plain(milli: int) -> str:
    """Thousandths of a unit as people write them: 4500 → 4.5."""
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")
