"""The whole flow on one page: stages, which may follow which, and what each permits.

Only `RepairOrder.move_to` writes a stage, and only along ALLOWED (domain.md §4).
"""

from __future__ import annotations

from enum import Enum

from workshop.errors import N_


class Stage(Enum):
    """Where a repair order is."""

    RECEPTION = "reception"
    INSPECTED = "inspected"
    QUOTED = "quoted"
    AUTHORISED = "authorised"
    SCHEDULED = "scheduled"
    REPAIR = "repair"
    PAUSED = "paused"
    QUALITY_CHECK = "quality_check"
    REWORK = "rework"
    FINAL_CHECK = "final_check"
    WASH = "wash"
    SETTLEMENT = "settlement"
    SETTLED = "settled"
    READY = "ready"
    DELIVERED = "delivered"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return STAGE_LABELS[self]


S = Stage

STAGE_LABELS: dict[Stage, str] = {
    S.RECEPTION: N_("In reception"),
    S.INSPECTED: N_("Inspected"),
    S.QUOTED: N_("Quoted"),
    S.AUTHORISED: N_("Authorised"),
    S.SCHEDULED: N_("Scheduled"),
    S.REPAIR: N_("In repair"),
    S.PAUSED: N_("Paused"),
    S.QUALITY_CHECK: N_("Quality check"),
    S.REWORK: N_("Internal rework"),
    S.FINAL_CHECK: N_("Final check"),
    S.WASH: N_("Wash"),
    S.SETTLEMENT: N_("Settlement"),
    S.SETTLED: N_("Settled"),
    S.READY: N_("Ready"),
    S.DELIVERED: N_("Delivered"),
    S.FOLLOWED_UP: N_("Followed up"),
    S.CLOSED: N_("Closed"),
    S.DECLINED: N_("Declined"),
    S.CANCELLED: N_("Cancelled"),
}

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


class Action(Enum):
    """What people do to an order, as far as its stage has a say."""

    EDIT_RECEPTION = "edit_reception"
    EDIT_QUOTATION = "edit_quotation"
    AUTHORISE = "authorise"
    CARE = "care"
    SCHEDULE = "schedule"
    RELEASE_PARTS = "release_parts"
    ISSUE_PARTS = "issue_parts"
    START_JOB = "start_job"
    REQUEST_ADDITION = "request_addition"
    QUALITY_CHECK = "quality_check"
    FINAL_CHECK = "final_check"
    FINISH_WASH = "finish_wash"
    SETTLE = "settle"
    CORRECT_BILL = "correct_bill"
    HAND_OVER = "hand_over"
    FOLLOW_UP = "follow_up"
    CHANGE_PROMISE = "change_promise"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        return ACTION_LABELS[self]


A = Action

ACTION_LABELS: dict[Action, str] = {
    A.EDIT_RECEPTION: N_("Edit the reception"),
    A.EDIT_QUOTATION: N_("Edit the quotation"),
    A.AUTHORISE: N_("Sign the service authorisation"),
    A.CARE: N_("Record customer care"),
    A.SCHEDULE: N_("Schedule"),
    A.RELEASE_PARTS: N_("Release to the workshop"),
    A.ISSUE_PARTS: N_("Issue parts"),
    A.START_JOB: N_("Start a job"),
    A.REQUEST_ADDITION: N_("Request additional work"),
    A.QUALITY_CHECK: N_("Record the quality check"),
    A.FINAL_CHECK: N_("Record the final check"),
    A.FINISH_WASH: N_("Finish the wash"),
    A.SETTLE: N_("Settle"),
    A.CORRECT_BILL: N_("Correct the bill"),
    A.HAND_OVER: N_("Hand over"),
    A.FOLLOW_UP: N_("Follow up"),
    A.CHANGE_PROMISE: N_("Change the promised time"),
    A.CANCEL: N_("Cancel the order"),
}

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


class Step(Enum):
    """The ten steps; the value is the word used everywhere for the step."""

    BOOKING = "booking"
    RECEPTION = "reception"
    QUOTATION = "quotation"
    LOUNGE = "lounge"
    SCHEDULING = "scheduling"
    PARTS = "parts"
    REPAIR = "repair"
    SETTLEMENT = "settlement"
    HANDOVER = "handover"
    FOLLOWUP = "followup"

    @property
    def label(self) -> str:
        return STEP_LABELS[self]


STEP_LABELS: dict[Step, str] = {
    Step.BOOKING: N_("Booking"),
    Step.RECEPTION: N_("Reception"),
    Step.QUOTATION: N_("Quotation"),
    Step.LOUNGE: N_("Customer care"),
    Step.SCHEDULING: N_("Scheduling"),
    Step.PARTS: N_("Parts"),
    Step.REPAIR: N_("Repair & quality"),
    Step.SETTLEMENT: N_("Completion & settlement"),
    Step.HANDOVER: N_("Handover"),
    Step.FOLLOWUP: N_("Follow-up"),
}

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
