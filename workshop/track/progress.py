"""What a customer sees of the flow: six pictures instead of nineteen stages."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.flow import Stage


class Milestone(LabelledEnum):
    """A step of the visit as the customer knows it."""

    RECEIVED = "received", N_("Received")
    QUOTED = "quoted", N_("Approval")
    REPAIR = "repair", N_("Repair")
    CHECK = "check", N_("Quality check")
    WASH = "wash", N_("Wash")
    READY = "ready", N_("Ready")

    @property
    def icon(self) -> str:
        return MILESTONE_ICONS[self]


M = Milestone
MILESTONE_ICONS = {
    M.RECEIVED: "clipboard-check",
    M.QUOTED: "file-text",
    M.REPAIR: "wrench",
    M.CHECK: "badge-check",
    M.WASH: "droplets",
    M.READY: "car",
}

S = Stage
_AT = {
    S.RECEPTION: M.RECEIVED,
    S.INSPECTED: M.QUOTED,
    S.QUOTED: M.QUOTED,
    S.AUTHORISED: M.REPAIR,
    S.SCHEDULED: M.REPAIR,
    S.REPAIR: M.REPAIR,
    S.PAUSED: M.REPAIR,
    S.REWORK: M.REPAIR,
    S.QUALITY_CHECK: M.CHECK,
    S.FINAL_CHECK: M.CHECK,
    S.WASH: M.WASH,
    S.SETTLEMENT: M.READY,
    S.SETTLED: M.READY,
    S.READY: M.READY,
    S.DECLINED: M.QUOTED,
    S.CANCELLED: M.QUOTED,
}
_WORDS = {
    S.RECEPTION: N_("We are looking at your car."),
    S.INSPECTED: N_("We are preparing your quotation."),
    S.QUOTED: N_("Your quotation is ready."),
    S.AUTHORISED: N_("Thank you. We are planning the work."),
    S.SCHEDULED: N_("The work is planned."),
    S.REPAIR: N_("Your car is being repaired."),
    S.PAUSED: N_("The work is paused for a moment."),
    S.REWORK: N_("We are going over the work once more."),
    S.QUALITY_CHECK: N_("The work is done and is being checked."),
    S.FINAL_CHECK: N_("Your advisor is making the final check."),
    S.WASH: N_("Your car is being washed."),
    S.SETTLEMENT: N_("The bill is being prepared."),
    S.SETTLED: N_("Everything is paid. You can collect your car."),
    S.READY: N_("Your car is ready."),
    S.DELIVERED: N_("Your car was handed over. Have a good journey."),
    S.FOLLOWED_UP: N_("Your car was handed over. Have a good journey."),
    S.CLOSED: N_("Your car was handed over. Have a good journey."),
    S.DECLINED: N_("You declined the quotation. Your car is waiting for you."),
    S.CANCELLED: N_("This visit was cancelled."),
}


@dataclass(frozen=True)
class Point:
    """One milestone; state is done, current or todo."""

    milestone: Milestone
    state: str


def list_points(stage: Stage) -> list[Point]:
    """The milestones of the visit with how far it is; all done once the car was handed over."""
    steps = list(Milestone)
    current = _AT.get(stage)
    reached = steps.index(current) if current else len(steps)
    return [
        Point(step, "done" if place < reached else "current" if place == reached else "todo")
        for place, step in enumerate(steps)
    ]


def in_words(stage: Stage) -> str:
    """Where the car is, as one says it to its owner (a msgid)."""
    return _WORDS[stage]
