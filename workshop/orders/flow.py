"""The whole flow on one page: stages, which may follow which, and what each permits.

Only `RepairOrder.move_to` writes a stage, and only along ALLOWED (domain.md §4).
"""

from __future__ import annotations

from workshop.enums import LabelledEnum
from workshop.errors import N_


class Stage(LabelledEnum):
    """Where a repair order is."""

    RECEPTION = "reception", N_("In reception")
    INSPECTED = "inspected", N_("Inspected")
    QUOTED = "quoted", N_("Quoted")
    AUTHORISED = "authorised", N_("Authorised")
    SCHEDULED = "scheduled", N_("Scheduled")
    REPAIR = "repair", N_("In repair")
    PAUSED = "paused", N_("Paused")
    QUALITY_CHECK = "quality_check", N_("Quality check")
    REWORK = "rework", N_("Internal rework")
    FINAL_CHECK = "final_check", N_("Final check")
    WASH = "wash", N_("Wash")
    SETTLEMENT = "settlement", N_("Settlement")
    SETTLED = "settled", N_("Settled")
    READY = "ready", N_("Ready")
    DELIVERED = "delivered", N_("Delivered")
    FOLLOWED_UP = "followed_up", N_("Followed up")
    CLOSED = "closed", N_("Closed")
    DECLINED = "declined", N_("Declined")
    CANCELLED = "cancelled", N_("Cancelled")


S = Stage


ALLOWED: dict[Stage, frozenset[Stage]] = {
    S.RECEPTION: frozenset({S.INSPECTED, S.CANCELLED}),
    S.INSPECTED: frozenset({S.RECEPTION, S.QUOTED, S.CANCELLED}),
    S.QUOTED: frozenset({S.INSPECTED, S.AUTHORISED, S.DECLINED, S.CANCELLED}),
    S.AUTHORISED: frozenset({S.QUOTED, S.SCHEDULED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.AUTHORISED, S.REPAIR, S.CANCELLED}),
    S.REPAIR: frozenset({S.PAUSED, S.QUALITY_CHECK}),
    S.PAUSED: frozenset({S.REPAIR}),
    # A failed check sends the car back; a passed one lets the advisor look.
    S.QUALITY_CHECK: frozenset({S.REWORK, S.FINAL_CHECK}),
    S.REWORK: frozenset({S.REPAIR}),
    S.FINAL_CHECK: frozenset({S.REWORK, S.WASH, S.READY}),
    # The bill may be made while the car is washed, so ready may come before or after settled.
    S.WASH: frozenset({S.READY, S.SETTLEMENT}),
    S.SETTLEMENT: frozenset({S.SETTLED, S.WASH, S.READY}),
    S.SETTLED: frozenset({S.SETTLEMENT, S.READY, S.DELIVERED}),
    S.READY: frozenset({S.REWORK, S.SETTLEMENT, S.DELIVERED}),
    S.DELIVERED: frozenset({S.FOLLOWED_UP}),
    S.FOLLOWED_UP: frozenset({S.CLOSED}),
    # A refused quotation may be reconsidered; the car is ready at once, with or without a bill.
    S.DECLINED: frozenset({S.QUOTED, S.READY}),
    S.CLOSED: frozenset(),
    S.CANCELLED: frozenset(),
}


def is_allowed(current: Stage, wanted: Stage) -> bool:
    """Whether an order may go from one stage to the other."""
    return wanted in ALLOWED[current]


class Action(LabelledEnum):
    """What people do to an order, as far as its stage has a say."""

    EDIT_RECEPTION = "edit_reception", N_("Edit the reception")
    EDIT_QUOTATION = "edit_quotation", N_("Edit the quotation")
    AUTHORISE = "authorise", N_("Sign the service authorisation")
    CARE = "care", N_("Record customer care")
    SCHEDULE = "schedule", N_("Schedule")
    RELEASE_PARTS = "release_parts", N_("Release to the workshop")
    ISSUE_PARTS = "issue_parts", N_("Issue parts")
    START_JOB = "start_job", N_("Start a job")
    REQUEST_ADDITION = "request_addition", N_("Request additional work")
    QUALITY_CHECK = "quality_check", N_("Record the quality check")
    FINAL_CHECK = "final_check", N_("Record the final check")
    FINISH_WASH = "finish_wash", N_("Finish the wash")
    SETTLE = "settle", N_("Settle")
    CORRECT_BILL = "correct_bill", N_("Correct the bill")
    HAND_OVER = "hand_over", N_("Hand over")
    FOLLOW_UP = "follow_up", N_("Follow up")
    CHANGE_PROMISE = "change_promise", N_("Change the promised time")
    CANCEL = "cancel", N_("Cancel the order")


A = Action


_IN_WORK = frozenset({S.AUTHORISED, S.SCHEDULED, S.REPAIR, S.PAUSED, S.REWORK})
_IN_HOUSE = _IN_WORK | {
    S.QUALITY_CHECK,
    S.FINAL_CHECK,
    S.WASH,
    S.SETTLEMENT,
    S.SETTLED,
    S.READY,
}

PERMITS: dict[Action, frozenset[Stage]] = {
    A.EDIT_RECEPTION: frozenset({S.RECEPTION}),
    A.EDIT_QUOTATION: frozenset({S.INSPECTED, S.QUOTED}),
    A.AUTHORISE: frozenset({S.QUOTED}),
    A.CARE: _IN_HOUSE | {S.QUOTED},
    A.SCHEDULE: _IN_WORK,
    A.RELEASE_PARTS: frozenset({S.SCHEDULED, S.REPAIR, S.PAUSED, S.REWORK}),
    A.ISSUE_PARTS: frozenset({S.SCHEDULED, S.REPAIR, S.PAUSED, S.REWORK}),
    A.START_JOB: frozenset({S.SCHEDULED, S.REPAIR, S.PAUSED, S.REWORK}),
    A.REQUEST_ADDITION: frozenset({S.REPAIR, S.PAUSED, S.REWORK}),
    A.QUALITY_CHECK: frozenset({S.QUALITY_CHECK}),
    A.FINAL_CHECK: frozenset({S.FINAL_CHECK}),
    A.FINISH_WASH: frozenset({S.WASH, S.SETTLEMENT, S.SETTLED}),
    A.SETTLE: frozenset({S.WASH, S.READY, S.SETTLEMENT}),
    # The car has left; its bill is taken back and made anew without moving the order.
    A.CORRECT_BILL: frozenset({S.DELIVERED, S.FOLLOWED_UP, S.CLOSED}),
    A.HAND_OVER: frozenset({S.READY, S.SETTLED}),
    A.FOLLOW_UP: frozenset({S.DELIVERED, S.FOLLOWED_UP}),
    A.CHANGE_PROMISE: _IN_HOUSE,
    A.CANCEL: frozenset({S.RECEPTION, S.INSPECTED, S.QUOTED, S.AUTHORISED, S.SCHEDULED}),
}


def permits(stage: Stage, action: Action) -> bool:
    """Whether the stage lets the action happen at all; the step's gates say the rest."""
    return stage in PERMITS[action]


class Step(LabelledEnum):
    """The ten steps; the value is the word used everywhere for the step."""

    BOOKING = "booking", N_("Booking")
    RECEPTION = "reception", N_("Reception")
    QUOTATION = "quotation", N_("Quotation")
    LOUNGE = "lounge", N_("Customer care")
    SCHEDULING = "scheduling", N_("Scheduling")
    PARTS = "parts", N_("Parts")
    REPAIR = "repair", N_("Repair & quality")
    SETTLEMENT = "settlement", N_("Completion & settlement")
    HANDOVER = "handover", N_("Handover")
    FOLLOWUP = "followup", N_("Follow-up")


# The step that has to act next while an order is in the stage; None when all is over.
STEP_OF: dict[Stage, Step | None] = {
    S.RECEPTION: Step.RECEPTION,
    S.INSPECTED: Step.QUOTATION,
    S.QUOTED: Step.QUOTATION,
    S.AUTHORISED: Step.SCHEDULING,
    S.SCHEDULED: Step.PARTS,
    S.REPAIR: Step.REPAIR,
    S.PAUSED: Step.REPAIR,
    S.QUALITY_CHECK: Step.REPAIR,
    S.REWORK: Step.REPAIR,
    S.FINAL_CHECK: Step.REPAIR,
    S.WASH: Step.SETTLEMENT,
    S.SETTLEMENT: Step.SETTLEMENT,
    S.SETTLED: Step.HANDOVER,
    S.READY: Step.HANDOVER,
    S.DELIVERED: Step.FOLLOWUP,
    S.FOLLOWED_UP: Step.FOLLOWUP,
    S.CLOSED: None,
    S.DECLINED: Step.HANDOVER,
    S.CANCELLED: None,
}

OPEN = frozenset(Stage) - {S.CLOSED, S.CANCELLED, S.DELIVERED, S.FOLLOWED_UP}
"""Stages in which the car is on the premises."""
