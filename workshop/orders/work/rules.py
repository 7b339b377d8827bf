"""Which signed lines are one piece of work, and how its time is shared. Plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

# What fits between the morning and the break: a longer one would need a whole day free.
LONGEST_MINUTES = 240
# How wide a title of several lines may be, in Latin letters; a Chinese sign is as wide as two.
_TITLE = 48
# With fewer hands than this a job hangs on one person.
_ENOUGH_HANDS = 2


@dataclass(frozen=True)
class WorkLine:
    """What one signed labour line asks, frozen with the signature.

    `id` is the quotation line's; None for work that has none. `bay_kinds` are BayKind values;
    none means that it needs no bay.
    """

    id: int | None
    skill_id: int | None
    level: int
    minutes: int
    bay_kinds: tuple[str, ...] = ()
    title_zh: str = ""
    title_en: str = ""

    def title_in(self, locale: str) -> str:
        """What is done, in `locale` ("zh_CN" or "en")."""
        return self.title_zh if locale.startswith("zh") else self.title_en

    def as_json(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {
            "id": self.id,
            "skill": self.skill_id,
            "level": self.level,
            "minutes": self.minutes,
            "bays": list(self.bay_kinds),
            "zh": self.title_zh,
            "en": self.title_en,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> WorkLine:
        """As `as_json` wrote it."""
        return cls(
            raw["id"],
            raw["skill"],
            raw["level"],
            raw["minutes"],
            tuple(raw["bays"]),
            raw["zh"],
            raw["en"],
        )


def skills_of(lines: Iterable[WorkLine]) -> dict[int, int]:
    """The level that is needed of each skill to do all the lines."""
    needed: dict[int, int] = {}
    for line in lines:
        if line.skill_id is not None:
            needed[line.skill_id] = max(line.level, needed.get(line.skill_id, 0))
    return needed


def lead_of(lines: Sequence[WorkLine]) -> tuple[int | None, int]:
    """The skill that most of the time asks for, and the level that is needed of it."""
    minutes: dict[int, int] = {}
    for line in lines:
        if line.skill_id is not None:
            minutes[line.skill_id] = minutes.get(line.skill_id, 0) + line.minutes
    if not minutes:
        return None, max((line.level for line in lines), default=1)
    skill_id = max(minutes, key=lambda each: minutes[each])
    return skill_id, skills_of(lines)[skill_id]


def common_bays(lines: Iterable[WorkLine]) -> tuple[str, ...] | None:
    """The kinds of bay in which all the lines can be done; none asked: (), none common: None."""
    asked = [line.bay_kinds for line in lines if line.bay_kinds]
    if not asked:
        return ()
    common = tuple(kind for kind in asked[0] if all(kind in each for each in asked[1:]))
    return common or None


def title_of(titles: Sequence[str], comma: str) -> str:
    """The titles as one: the first ones that fit, and how many more there are."""
    shown = list(titles[:1])
    for title in titles[1:]:
        if _width(comma.join([*shown, title])) > _TITLE:
            break
        shown.append(title)
    more = len(titles) - len(shown)
    return comma.join(shown)[:190] + (f" +{more}" if more else "")


def _width(text: str) -> int:
    return sum(2 if sign > "\u2e80" else 1 for sign in text)


def share(minutes: int, part: int, whole: int) -> int:
    """What a line of `part` book minutes has of the clocked minutes of a job of `whole`."""
    return minutes if part >= whole else (2 * minutes * part + whole) // (2 * whole)


@dataclass(frozen=True)
class Candidate:
    """A line that may be done together with others of its `group`; without one it stays alone.

    `ready_on` tells when its parts are here: what waits must not hold up what need not.
    """

    line: WorkLine
    group: str | None
    ready_on: Hashable = None


Hands = Callable[[Mapping[int, int]], Collection[int]]
"""Who has all these skills at these levels."""


def form(candidates: Sequence[Candidate], hands: Hands) -> list[list[int]]:
    """Which lines (by their place) are one piece of work: what one technician does in one go.

    Same group, a common kind of bay, parts that are here at the same time, no longer than half a
    day, and enough people who can do all of it: no work hangs on one person that did not before.
    """
    found: list[list[int]] = []
    for place, candidate in enumerate(candidates):
        for known in found:
            together = [candidates[each] for each in known]
            if _goes_with(candidate, together, hands):
                known.append(place)
                break
        else:
            found.append([place])
    return found


def _goes_with(one: Candidate, others: Sequence[Candidate], hands: Hands) -> bool:
    first = others[0]
    if not one.group or one.group != first.group or one.ready_on != first.ready_on:
        return False
    lines = [each.line for each in (*others, one)]
    if sum(line.minutes for line in lines) > LONGEST_MINUTES or common_bays(lines) is None:
        return False
    fewest = min(len(hands(skills_of([line]))) for line in lines)
    return len(hands(skills_of(lines))) >= max(1, min(_ENOUGH_HANDS, fewest))


def left_of(lines: Sequence[WorkLine], off: Collection[int]) -> list[WorkLine]:
    """What is left of a job when these signed lines are off; its only line takes all of it."""
    return [line for line in lines if line.id not in off] if len(lines) > 1 else []


def rest_of(lines: Sequence[WorkLine], left: int) -> list[WorkLine]:
    """What of the lines is still to be done, when so many minutes of the job are left.

    The work goes through the lines in their order; more than is booked goes on the last one.
    """
    found: list[WorkLine] = []
    for line in reversed(lines):
        minutes = min(line.minutes, left)
        if minutes > 0:
            found.append(replace(line, minutes=minutes))
            left -= minutes
    if left > 0 and found:
        found[0] = replace(found[0], minutes=found[0].minutes + left)
    return found[::-1]
