"""Who is credited with how much of a job that two have worked on (domain.md step 5, shares).

Plain Python. The book time of a job is credited once, whoever shares it: never twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

USUAL_PERCENT = 50
LEAST_PERCENT = 10
MOST_PERCENT = 90
STEP_PERCENT = 5


def is_share(percent: int) -> bool:
    """Whether a second technician may have this share; the lead keeps the rest of it."""
    return LEAST_PERCENT <= percent <= MOST_PERCENT and percent % STEP_PERCENT == 0


def credit(
    minutes: int,
    pieces: Mapping[int, tuple[int, int]],
    helps: Mapping[int, list[tuple[int, int]]],
) -> dict[int, int]:
    """The book minutes of a job by technician; together they are the minutes, to the minute.

    `pieces` are (lead's id, planned minutes) by piece of work, `helps` are (helper's id, percent)
    by piece. A piece counts by its length. Without a piece nobody is credited.
    """
    parts: dict[int, Fraction] = {}
    whole = sum(length for _, length in pieces.values())
    for piece, (lead, length) in pieces.items():
        left = Fraction(100)
        weight = Fraction(minutes * length, whole * 100) if whole else Fraction(0)
        for helper, percent in helps.get(piece, ()):
            given = min(left, Fraction(percent))
            parts[helper] = parts.get(helper, Fraction(0)) + weight * given
            left -= given
        parts[lead] = parts.get(lead, Fraction(0)) + weight * left
    return _rounded(parts)


def _rounded(parts: Mapping[int, Fraction]) -> dict[int, int]:
    """Whole minutes with the same sum: what is left over goes to the largest remainders."""
    floors = {each: int(part) for each, part in parts.items()}
    spare = int(sum(parts.values())) - sum(floors.values())
    by_rest = sorted(parts, key=lambda each: (floors[each] - parts[each], each))
    for each in by_rest[:spare]:
        floors[each] += 1
    return floors
