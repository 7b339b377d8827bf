"""What an answer says, what is hurried, and what a recommendation is worth. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum

from workshop.catalogue.checklists.rules import Light, Limits, Spot
from workshop.enums import LabelledEnum
from workshop.errors import N_

# So long at least one looks at a line: less was hardly a look (domain.md step 7).
SECONDS_A_LOOK = 2


class Where(LabelledEnum):
    """Where a line was looked at: with the customer, or on the lift."""

    RECEPTION = "reception", N_("At reception")
    BAY = "bay", N_("In the bay")


class Result(LabelledEnum):
    """What an inspection says of a line."""

    GREEN = "green", N_("In order")
    YELLOW = "yellow", N_("Soon")
    RED = "red", N_("Not safe")
    SKIPPED = "skipped", N_("Not checked")

    @property
    def is_finding(self) -> bool:
        """Whether something has to be done about it."""
        return self in (Result.YELLOW, Result.RED)

    @property
    def is_red(self) -> bool:
        """Whether the car may not leave without an answer to it."""
        return self is Result.RED

    @property
    def is_skipped(self) -> bool:
        """Whether nobody could look at it."""
        return self is Result.SKIPPED

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return _LOOKS[self][0]

    @property
    def icon(self) -> str:
        """The sign beside it, for those who see no colours."""
        return _LOOKS[self][1]


_LOOKS = {
    Result.GREEN: ("good", "circle-check"),
    Result.YELLOW: ("warn", "triangle-alert"),
    Result.RED: ("bad", "octagon-alert"),
    Result.SKIPPED: ("neutral", "minus"),
}
WORST_FIRST = (Result.RED, Result.YELLOW, Result.GREEN, Result.SKIPPED)


class Ending(LabelledEnum):
    """How a red line ended for this visit."""

    DONE = "done", N_("Done")
    DEFERRED = "deferred", N_("Put off")
    DECLINED = "declined", N_("Declined and signed")


class Wrong(Enum):
    """Why an answer cannot be taken."""

    NO_RESULT = "no_result"
    NO_VALUE = "no_value"
    NO_NOTE = "no_note"


def result_of(limits: Limits, values: Mapping[Spot, int], said: Result | None) -> Result | None:
    """What a measured line says: its limits know, and where it has none, who measured."""
    if said is Result.SKIPPED or not limits:
        return said
    if not values:
        return None
    light = limits.worst_of(values.values())
    return {Light.GREEN: Result.GREEN, Light.YELLOW: Result.YELLOW, Light.RED: Result.RED}[light]


def find_wrong(
    result: Result | None, note: str, values: Mapping[Spot, int], spots: Iterable[Spot]
) -> Wrong | None:
    """What an answer still needs; `spots` are the places where the line is measured."""
    if result is Result.SKIPPED:
        return None if note.strip() else Wrong.NO_NOTE
    if any(each not in values for each in spots):
        return Wrong.NO_VALUE
    return Wrong.NO_RESULT if result is None else None


def is_hurried(previous_at: datetime | None, at: datetime, count: int = 1) -> bool:
    """Whether `count` lines were answered so soon after the one before that nobody looked."""
    if previous_at is None:
        return False
    return at - previous_at < timedelta(seconds=SECONDS_A_LOOK * count)
