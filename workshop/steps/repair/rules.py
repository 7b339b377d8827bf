"""Rules of the workshop floor in plain Python: points, checklists, road test, repeats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from workshop.enums import LabelledEnum
from workshop.errors import N_

UNDO_SECONDS = 10
# Two ticks closer than this were hardly two looks (domain.md step 7, "ticked in < n s").
HURRIED_SECONDS = 3
# R8: so many repairs of one fault within the guarantee mean that we must arrange another shop.
REPEATS_BEFORE_ALARM = 2


class Point(LabelledEnum):
    """The six points of the 630 rule for repair quality (N9)."""

    START = "start", N_("Start time recorded")
    PROCESS = "process", N_("Repair process recorded")
    ADDITIONS = "additions", N_("Additional work explained")
    OFF_FLOOR = "off_floor", N_("Three off the floor: parts, tools, oil")
    PROTECTION = "protection", N_("Protective covers in place")
    FINISH = "finish", N_("Finish time recorded")


# Starting and finishing tick their own point; a person ticks the four between.
POINTS_BY_HAND = (Point.PROTECTION, Point.PROCESS, Point.OFF_FLOOR, Point.ADDITIONS)


class PauseReason(LabelledEnum):
    """Why work stands still."""

    PARTS = "parts", N_("Waiting for parts")
    CUSTOMER = "customer", N_("Waiting for the customer")
    SUPPORT = "support", N_("Waiting for technical support")
    SUBLET = "sublet", N_("Sublet")
    EQUIPMENT = "equipment", N_("Waiting for equipment or bay")
    APPRAISAL = "appraisal", N_("Waiting for damage appraisal")
    WARRANTY = "warranty", N_("Waiting for warranty approval")
    BREAK = "break", N_("Meal or end of shift")
    ABSENT = "absent", N_("Technician has gone home")
    OTHER = "other", N_("Other reason")


# What a technician says of the job; breaks and going home are said to the time clock instead.
REASONS_OF_JOB = tuple(
    each for each in PauseReason if each not in (PauseReason.BREAK, PauseReason.ABSENT)
)
# Whose paused job is taken up again before anything else: it stood still for its technician.
RESTS_FOR_PERSON = frozenset({PauseReason.BREAK, PauseReason.ABSENT})


class Level(LabelledEnum):
    """The three levels of inspection (N6)."""

    SELF_CHECK = "self_check", N_("Self-check")
    QUALITY_CHECK = "quality_check", N_("Quality check")
    FINAL_CHECK = "final_check", N_("Final check")


class Verdict(LabelledEnum):
    """What a check says of one item."""

    GOOD = "good", N_("In order")
    ATTENTION = "attention", N_("Needs a look")
    BAD = "bad", N_("Not in order")
    NOT_APPLICABLE = "not_applicable", N_("Does not apply")

    @property
    def is_good(self) -> bool:
        """Whether the item is in order."""
        return self is Verdict.GOOD

    @property
    def is_bad(self) -> bool:
        """Whether the item is not in order."""
        return self is Verdict.BAD

    @property
    def icon(self) -> str:
        """The sign that stands beside it."""
        return _VERDICT_ICONS.get(self, "minus")


_VERDICT_ICONS = {
    Verdict.GOOD: "circle-check",
    Verdict.ATTENTION: "triangle-alert",
    Verdict.BAD: "circle-x",
}


class Cause(LabelledEnum):
    """Why work had to be done again (domain.md step 7, rework order)."""

    WORKMANSHIP = "workmanship", N_("Workmanship")
    DIAGNOSIS = "diagnosis", N_("Wrong diagnosis")
    LEFT_OUT = "left_out", N_("Something left out")
    PART_QUALITY = "part_quality", N_("Quality of the part")
    MISUNDERSTANDING = "misunderstanding", N_("Misunderstood request or quotation")
    EQUIPMENT = "equipment", N_("Equipment")
    CUSTOMER_USE = "customer_use", N_("Use by the customer")
    NO_FAULT = "no_fault", N_("No fault found")


class ReworkKind(LabelledEnum):
    """Found before delivery, or brought back by the customer."""

    INTERNAL = "internal", N_("Internal rework")
    EXTERNAL = "external", N_("Comeback")


class NextAct(Enum):
    """What a technician does next on a job: the one huge button."""

    START = "start"
    RESUME = "resume"
    POINTS = "points"
    SELF_CHECK = "self_check"
    FINISH = "finish"
    NONE = "none"


class AdditionState(LabelledEnum):
    """How far a request for additional work is."""

    REQUESTED = "requested", N_("Waiting for the price")
    OFFERED = "offered", N_("Waiting for the customer's consent")
    ACCEPTED = "accepted", N_("Customer agreed")
    DECLINED = "declined", N_("Customer declined")
    DISMISSED = "dismissed", N_("Not offered")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to price it, or the customer to answer."""
        return self in (AdditionState.REQUESTED, AdditionState.OFFERED)

    @property
    def is_requested(self) -> bool:
        """Whether it waits for the price."""
        return self is AdditionState.REQUESTED

    @property
    def is_offered(self) -> bool:
        """Whether the customer has not answered."""
        return self is AdditionState.OFFERED

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {
            AdditionState.ACCEPTED: "good",
            AdditionState.OFFERED: "info",
            AdditionState.REQUESTED: "warn",
        }
        return tones.get(self, "neutral")


@dataclass(frozen=True)
class Answer:
    """What a checker said of one item of a checklist."""

    code: str
    verdict: Verdict | None
    measured: str = ""
    note: str = ""
    photo: bytes | None = None


@dataclass(frozen=True)
class Drive:
    """A road test: odometer at both ends in km, where it went, what was noticed."""

    from_km: int
    to_km: int
    route: str
    findings: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a check failed: whose job, which cause, what must be mended, and about how long.

    `line_id` is the signed line that is at fault, when the job has several.
    """

    responsible_job_id: int
    cause: Cause
    complaint: str
    minutes: int = 30
    line_id: int | None = None


# Work on what makes a car go, steer and stop is driven before it is believed.
ROAD_TEST_SKILLS = frozenset({"engine", "chassis", "brake", "brakes", "transmission", "diagnosis"})


def needs_road_test(skill_codes: Iterable[str], *, is_repeat: bool) -> bool:
    """Whether the quality check must include a road test: by skill, and for each repeat repair."""
    return is_repeat or bool(ROAD_TEST_SKILLS & set(skill_codes))


def is_passed(verdicts: Iterable[Verdict]) -> bool:
    """A check is passed when nothing is “not in order”."""
    return Verdict.BAD not in set(verdicts)


def points_missing(ticked: Collection[Point]) -> list[Point]:
    """The points that are still open before the finish, in the order of the work."""
    wanted = (Point.START, *POINTS_BY_HAND)
    return [point for point in wanted if point not in ticked]


def is_hurried(previous_at: datetime | None, at: datetime) -> bool:
    """Whether a tick came so soon after the one before that it hints at ticking without looking."""
    return previous_at is not None and at - previous_at < timedelta(seconds=HURRIED_SECONDS)


def can_undo(ticked_at: datetime, at: datetime) -> bool:
    """Whether a slip of the thumb may still be taken back."""
    return at - ticked_at <= timedelta(seconds=UNDO_SECONDS)


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes, rounded half up, never negative."""
    return max(0, int((ends_at - starts_at).total_seconds() + 30) // 60)


def must_offer_other_shop(repeat_count: int, *, in_guarantee: bool) -> bool:
    """R8: the same fault repaired twice within the guarantee and still not right."""
    return in_guarantee and repeat_count >= REPEATS_BEFORE_ALARM


def share(minutes: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Minutes shared by weight, without losing one; equally where all weights are zero."""
    whole = sum(weights.values())
    parts = weights if whole else dict.fromkeys(weights, 1)
    left, weight_left, shares = minutes, whole or len(weights), {}
    for key, weight in sorted(parts.items()):
        shares[key] = left * weight // weight_left if weight_left else 0
        left, weight_left = left - shares[key], weight_left - weight
    return shares
