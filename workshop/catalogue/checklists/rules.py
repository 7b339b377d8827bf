"""What a list is for, who holds on to an item, and what a measured value says. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from workshop import decimals
from workshop.enums import LabelledEnum
from workshop.errors import N_


class Use(LabelledEnum):
    """What a list is for."""

    SELF_CHECK = "self_check", N_("Self-check")
    QUALITY_CHECK = "quality_check", N_("Quality check")
    FINAL_CHECK = "final_check", N_("Final check")
    INSPECTION = "inspection", N_("Inspection templates")
    LOUNGE_ROUND = "lounge_round", N_("Lounge round")
    HANDOVER = "handover", N_("Handover checklist")
    FOLLOW_UP = "follow_up", N_("Follow-up questions")
    SCRIPT = "script", N_("What to say")
    FORBIDDEN = "forbidden", N_("Words to avoid")
    CLOSING = "closing", N_("Courteous closings")

    @property
    def is_of_jobs(self) -> bool:
        """Whether there is a list for every job and one for each kind of job."""
        return self in JOB_USES

    @property
    def is_words(self) -> bool:
        """Whether its lines are said, not looked at."""
        return self in WORD_USES

    @property
    def is_inspection(self) -> bool:
        """Whether it is a template of a vehicle inspection."""
        return self is Use.INSPECTION

    @property
    def is_measuring(self) -> bool:
        """Whether a line of it may be a measured value with limits."""
        return self in (*JOB_USES, Use.INSPECTION)

    @property
    def is_needed(self) -> bool:
        """Whether the program asks its general list, so that it cannot be put out of use."""
        return self in NEEDED


JOB_USES = (Use.SELF_CHECK, Use.QUALITY_CHECK, Use.FINAL_CHECK)
WORD_USES = (Use.SCRIPT, Use.FORBIDDEN, Use.CLOSING)
NEEDED = (*JOB_USES, Use.LOUNGE_ROUND, Use.HANDOVER, Use.FOLLOW_UP)
# The topic of the list that is asked whatever the job is.
GENERAL = ""


class VersionState(LabelledEnum):
    """A version is written as a draft, asked while it is current, and kept for ever."""

    DRAFT = "draft", N_("Draft")
    CURRENT = "current", N_("In use")
    PAST = "past", N_("Earlier version")

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written."""
        return self is VersionState.DRAFT

    @property
    def is_past(self) -> bool:
        """Whether a later version took its place."""
        return self is VersionState.PAST


class ItemKind(LabelledEnum):
    """How an item is answered."""

    LOOK = "look", N_("Looked at")
    MEASURED = "measured", N_("Measured")


class Spot(LabelledEnum):
    """Where on the car a value was measured."""

    WHOLE = "whole", N_("Whole car")
    LEFT = "left", N_("Left side")
    RIGHT = "right", N_("Right side")
    FRONT_LEFT = "front_left", N_("Front left")
    FRONT_RIGHT = "front_right", N_("Front right")
    REAR_LEFT = "rear_left", N_("Rear left")
    REAR_RIGHT = "rear_right", N_("Rear right")

    @property
    def is_whole(self) -> bool:
        """Whether the value is of no place of its own."""
        return self is Spot.WHOLE


class Places(LabelledEnum):
    """At how many places an item is measured."""

    ONE = "one", N_("Once")
    SIDES = "sides", N_("Left and right")
    WHEELS = "wheels", N_("At the four wheels")

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The places, in the order in which one walks round the car."""
        return _SPOTS[self]


_SPOTS = {
    Places.ONE: (Spot.WHOLE,),
    Places.SIDES: (Spot.LEFT, Spot.RIGHT),
    Places.WHEELS: (Spot.FRONT_LEFT, Spot.FRONT_RIGHT, Spot.REAR_LEFT, Spot.REAR_RIGHT),
}


class Bond(LabelledEnum):
    """Who holds on to an item: nobody, the program, or the law."""

    FREE = "free", N_("The shop's own")
    PROGRAM = "program", N_("Needed by the program")
    LAW = "law", N_("Required by law")

    @property
    def is_free(self) -> bool:
        """Whether the shop may take the item out of its list."""
        return self is Bond.FREE

    @property
    def is_law(self) -> bool:
        """Whether the law sets its limit."""
        return self is Bond.LAW

    @property
    def reason(self) -> str:
        """Why the item cannot be taken out, in words; empty when it can."""
        return _REASONS.get(self, "")


_REASONS = {
    Bond.PROGRAM: N_(
        "The program fills in or reads this line, so it can be reworded and moved, not taken out."
    ),
    Bond.LAW: N_(
        "The law sets this limit: it can be made stricter, never looser, and not taken out."
    ),
}


class Light(Enum):
    """What a measured value says."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


_WORST_FIRST = (Light.RED, Light.YELLOW, Light.GREEN)


@dataclass(frozen=True)
class Limits:
    """Thousandths of the unit. Green lies between the green ends, red beyond the red ones.

    A value on an end belongs to the better side: 1.6 mm is not below 1.6 mm. An end that is None
    is open.
    """

    green_low: int | None = None
    green_high: int | None = None
    red_low: int | None = None
    red_high: int | None = None

    def __bool__(self) -> bool:
        return any(each is not None for each in self.ends)

    @property
    def ends(self) -> tuple[int | None, int | None, int | None, int | None]:
        """From low to high: red, green, green, red."""
        return (self.red_low, self.green_low, self.green_high, self.red_high)

    @property
    def is_ordered(self) -> bool:
        """Whether each end lies where the one before it allows."""
        known = [each for each in self.ends if each is not None]
        return known == sorted(known)

    def light_of(self, milli: int) -> Light:
        """What one value says."""
        if _is_beyond(milli, self.red_low, self.red_high):
            return Light.RED
        # Without a yellow range, what is not green is red.
        if _is_beyond(milli, self.green_low, self.green_high):
            return Light.YELLOW
        return Light.GREEN

    def worst_of(self, values: Iterable[int]) -> Light:
        """What several values of one item say together: four wheels are as good as the worst."""
        lights = {self.light_of(each) for each in values}
        return next(each for each in _WORST_FIRST if each in lights or each is Light.GREEN)


def _is_beyond(milli: int, low: int | None, high: int | None) -> bool:
    return (low is not None and milli < low) or (high is not None and milli > high)


# A number and perhaps its unit: 7.5, 7,2mm, −12°C. Words of Chinese part values as blanks do.
_VALUE = re.compile(r"(?P<number>[-\N{MINUS SIGN}]?[0-9]+(?:[.,][0-9]+)?)[^\d.,_]*")
_BETWEEN = re.compile(r"[\s/;|、；\u4e00-\u9fff]+")
MOST_MILLI = 2_000_000_000


def values_in(text: str) -> list[int]:
    """The numbers in what was typed, in thousandths, e.g. of four wheels: “7.5 / 7,2 / 6.9 mm”.

    Only plain decimals are numbers. Where something else has digits in it, such as 1e2 or 1.2.3,
    nothing is read: nobody knows what was meant.
    """
    found = [_read(each) for each in _BETWEEN.split(text) if any(map(str.isdigit, each))]
    known = [milli for milli in found if milli is not None and abs(milli) <= MOST_MILLI]
    return known if len(known) == len(found) else []


def _read(word: str) -> int | None:
    value = _VALUE.fullmatch(word)
    return decimals.read_scaled(value["number"].replace(",", "."), 3) if value else None


def is_loosened(now: Limits, law_low: int | None, law_high: int | None) -> bool:
    """Whether the red ends of a law item lie beyond what the law allows, or are gone."""
    low = law_low is not None and (now.red_low is None or now.red_low < law_low)
    return low or (law_high is not None and (now.red_high is None or now.red_high > law_high))


def covers(codes: str, names: Sequence[str]) -> bool:
    """Whether a list of a kind of job is asked: one of its beginnings opens one of the names.

    `codes` are beginnings of operation codes, or codes of skills, parted by blanks or commas.
    """
    beginnings = [each for each in re.split(r"[\s,，、]+", codes.lower()) if each]
    return any(name.lower().startswith(each) for name in names for each in beginnings)
