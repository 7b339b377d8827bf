"""The whole flow on one page: one row a stage with all that is known of it.

Only `RepairOrder.move_to` writes a stage, and only along the rows (domain.md §4). No other file
lists stages: it asks a stage for its row, or takes the stages that permit something.
"""

from __future__ import annotations

from workshop.errors import N_
from workshop.orders.rows import (
    HERE,
    TONES,
    Bucket,
    Facts,
    Look,
    Milestone,
    Need,
    Phase,
    Row,
    RowEnum,
)
from workshop.orders.rows import Action as Action
from workshop.orders.rows import Step as Step

A, B, M, P = Action, Bucket, Milestone, Phase

# Until delivery the customer may add work, take it off, or stop the whole order.
_CHANGES = frozenset({A.ADD_WORK, A.TAKE_OFF_WORK, A.STOP_ORDER})
_PLANNED = HERE | _CHANGES | {A.SCHEDULE, A.RELEASE_PARTS, A.ISSUE_PARTS, A.START_JOB}
_WORKED_ON = _PLANNED | {A.REQUEST_ADDITION, A.SEND_TO_CHECK}
# Who checks may still find more than was agreed; it is offered before the check is recorded.
_CHECKED = HERE | _CHANGES | {A.REQUEST_ADDITION}
_FINISHED = HERE | {A.PREPARE_HANDOVER}
# What is billed or ready goes back to the final check, and from there work is changed; what was
# released with everything declined goes back to the quotation.
_BILLED_OR_READY = _FINISHED | {A.REOPEN}
_LEFT = frozenset({A.CORRECT_BILL, A.FOLLOW_UP})

_WASHED = N_("Your car is being washed.")
_BILLED = N_("The bill is being prepared.")
_PAID = N_("Everything is paid. You can collect your car.")
_PAID_WASHED = N_("Everything is paid. Your car is being washed.")
_DECLINED = N_("You declined the quotation. Your car is waiting for you.")
_DRIVEN_OFF = Look(N_("See the follow-up"), N_("Your car was handed over. Have a good journey."))


class Stage(RowEnum):
    """Where a repair order is."""

    # The table is set by hand, so that a row reads as a row.
    # fmt: off
    RECEPTION = Row("reception", N_("In reception"), Step.RECEPTION, P.INTAKE,
        to=("inspected", "cancelled"), permits=frozenset({A.EDIT_RECEPTION, A.CANCEL}),
        look=Look(N_("Continue the reception"), N_("We are looking at your car."),
                  M.RECEIVED, need=Need.IN_RECEPTION))
    INSPECTED = Row("inspected", N_("Inspected"), Step.QUOTATION, P.INTAKE,
        to=("reception", "quoted", "cancelled"), permits=frozenset({A.EDIT_QUOTATION, A.CANCEL}),
        look=Look(N_("Make the quotation"), N_("We are preparing your quotation."),
                  M.QUOTED, need=Need.TO_QUOTE))
    QUOTED = Row("quoted", N_("Quoted"), Step.QUOTATION, P.INTAKE, tone="warn",
        to=("inspected", "authorised", "declined", "cancelled"),
        permits=frozenset({A.EDIT_QUOTATION, A.REVISE_QUOTATION, A.AUTHORISE, A.CARE, A.CANCEL}),
        look=Look(N_("Get the decision"), N_("Your quotation is ready."),
                  M.QUOTED, need=Need.CUSTOMER_DECISION))
    AUTHORISED = Row("authorised", N_("Authorised"), Step.SCHEDULING, P.WORK,
        to=("quoted", "scheduled", "ready", "quality_check", "cancelled"),
        permits=HERE | _CHANGES | {A.REVISE_QUOTATION, A.SCHEDULE, A.CANCEL},
        look=Look(N_("Assign the jobs"), N_("Thank you. We are planning the work."),
                  M.REPAIR, B.WAITING, Need.UNASSIGNED))
    SCHEDULED = Row("scheduled", N_("Scheduled"), Step.PARTS, P.WORK,
        to=("authorised", "repair", "ready", "quality_check", "cancelled"),
        permits=_PLANNED | {A.CANCEL},
        look=Look(N_("See the parts"), N_("The work is planned."), M.REPAIR, B.WAITING),
        when=(("released", Look(N_("Release to the workshop"), need=Need.TO_RELEASE)),))
    REPAIR = Row("repair", N_("In repair"), Step.REPAIR, P.WORK,
        to=("paused", "quality_check", "ready"), permits=_WORKED_ON,
        look=Look(N_("See the repair"), N_("Your car is being repaired."), M.REPAIR, B.REPAIR))
    PAUSED = Row("paused", N_("Paused"), Step.REPAIR, P.WORK,
        to=("repair", "ready"), permits=_WORKED_ON, tone="warn",
        look=Look(N_("See why it stands"), N_("The work is paused for a moment."),
                  M.REPAIR, B.REPAIR))
    # A failed check sends the car back; a passed one lets the advisor look.
    QUALITY_CHECK = Row("quality_check", N_("Quality check"), Step.REPAIR, P.CHECK,
        to=("rework", "final_check", "authorised", "ready"),
        permits=_CHECKED | {A.QUALITY_CHECK},
        look=Look(N_("See the quality check"), N_("The work is done and is being checked."),
                  M.CHECK, B.QUALITY_CHECK))
    REWORK = Row("rework", N_("Internal rework"), Step.REPAIR, P.WORK,
        to=("repair", "ready"), permits=_WORKED_ON, tone="bad",
        look=Look(N_("Assign the rework"), N_("We are going over the work once more."),
                  M.REPAIR, B.REPAIR, Need.UNASSIGNED, Step.SCHEDULING))
    FINAL_CHECK = Row("final_check", N_("Final check"), Step.REPAIR, P.CHECK,
        to=("rework", "wash", "ready", "authorised"), permits=_CHECKED | {A.FINAL_CHECK},
        look=Look(N_("Do the final check"), N_("Your advisor is making the final check."),
                  M.CHECK, B.QUALITY_CHECK, Need.FINAL_CHECK))
    # The bill may be made while the car is washed, so ready may come before or after settled;
    # from here on the car itself says whether it is ready.
    WASH = Row("wash", N_("Wash"), Step.SETTLEMENT, P.FINISH,
        to=("ready", "settlement", "authorised"),
        permits=_FINISHED | {A.ADD_WORK, A.TAKE_OFF_WORK, A.FINISH_WASH, A.SETTLE},
        look=Look(N_("Make the settlement list"), N_("Your car is ready."),
                  M.READY, B.READY, Need.BILL),
        when=(("ready", Look(None, _WASHED, M.WASH, B.WASH)),))
    SETTLEMENT = Row("settlement", N_("Settlement"), Step.SETTLEMENT, P.FINISH,
        to=("settled", "wash", "ready", "final_check"),
        permits=_BILLED_OR_READY | {A.FINISH_WASH, A.SETTLE},
        look=Look(N_("Take the payment"), _BILLED, M.READY, B.READY, Need.BILL),
        when=(("ready", Look(None, None, M.WASH, B.WASH)),))
    SETTLED = Row("settled", N_("Settled"), Step.HANDOVER, P.FINISH, tone="good",
        to=("settlement", "ready", "delivered", "final_check"),
        permits=_BILLED_OR_READY | {A.FINISH_WASH, A.HAND_OVER},
        look=Look(N_("Hand the car over"), _PAID, M.READY, B.READY, Need.COLLECT),
        when=(("paid", Look(N_("Settle the bill"), _BILLED, need=Need.BILL, opens=Step.SETTLEMENT)),
              ("ready", Look(N_("See the wash"), _PAID_WASHED, M.WASH, B.WASH, Need.IN_WORK))))
    READY = Row("ready", N_("Ready"), Step.HANDOVER, P.READY,
        to=("rework", "settlement", "delivered", "final_check", "quoted"),
        permits=_BILLED_OR_READY | {A.SETTLE, A.HAND_OVER},
        look=Look(N_("Hand the car over"), N_("Your car is ready."),
                  M.READY, B.READY, Need.COLLECT),
        when=(("ready", Look(N_("See the wash"), _WASHED, M.WASH, B.WASH, Need.IN_WORK,
                             Step.HANDOVER)),
              ("told", Look(N_("Tell the customer that it is ready"))),
              ("paid", Look(N_("Settle the bill"), opens=Step.SETTLEMENT))))
    DELIVERED = Row("delivered", N_("Delivered"), Step.FOLLOWUP, P.GONE,
        to=("followed_up",), permits=_LEFT, look=_DRIVEN_OFF)
    FOLLOWED_UP = Row("followed_up", N_("Followed up"), Step.FOLLOWUP, P.GONE,
        to=("closed",), permits=_LEFT, look=_DRIVEN_OFF)
    CLOSED = Row("closed", N_("Closed"), None, P.GONE,
        permits=frozenset({A.CORRECT_BILL}), look=_DRIVEN_OFF)
    # A refused quotation may be reconsidered; the car is ready at once, with or without a bill.
    DECLINED = Row("declined", N_("Declined"), Step.HANDOVER, P.READY, tone="neutral",
        to=("quoted", "ready"), permits=frozenset({A.REVISE_QUOTATION}),
        look=Look(N_("Release without a bill"), _DECLINED, M.QUOTED, need=Need.COLLECT))
    CANCELLED = Row("cancelled", N_("Cancelled"), None, P.GONE,
        permits=frozenset(), look=Look(None, N_("This visit was cancelled."), M.QUOTED))
    # fmt: on

    @property
    def step(self) -> Step | None:
        """The step that has to act next while an order is in the stage; None when all is over."""
        return self.row.step

    @property
    def phase(self) -> Phase:
        """How far the work is."""
        return self.row.phase or self._follows.phase

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return self.row.tone or TONES[self.phase]

    @property
    def is_here(self) -> bool:
        """Whether the car is on the premises."""
        return self.phase is not Phase.GONE

    @property
    def _follows(self) -> Stage:
        return type(self)(self.row.after[0])

    def look(self, facts: Facts) -> Look:
        """How people see an order of the stage with these facts."""
        row = self.row
        label = row.step.label if row.step else None
        plain = Look(label, row.label, need=Need.IN_WORK, opens=row.step)
        look = Look()
        for each in [look for fact, look in row.when if not getattr(facts, fact)]:
            look = look.over(each)
        look = look.over(row.look).over(plain)
        if not row.after or look.milestone is not None:
            return look
        before = self._follows.look(facts)
        return look.over(Look(milestone=before.milestone, screen=before.screen))


def _list_next(stage: Stage) -> frozenset[Stage]:
    followers = {each for each in Stage if stage.value in each.row.after}
    return frozenset(followers | {Stage(value) for value in stage.row.to})


ALLOWED = {stage: _list_next(stage) for stage in Stage}
"""Which stages may follow each."""

PERMITS = {each: frozenset(stage for stage in Stage if each in stage.row.permits) for each in A}
"""In which stages each action may happen at all; the step's gates say the rest."""


def list_in(*phases: Phase) -> frozenset[Stage]:
    """The stages of these phases."""
    return frozenset(stage for stage in Stage if stage.phase in phases)


OPEN = frozenset(stage for stage in Stage if stage.is_here)
"""Stages in which the car is on the premises."""


def is_allowed(current: Stage, wanted: Stage) -> bool:
    """Whether an order may go from one stage to the other."""
    return wanted in ALLOWED[current]


def permits(stage: Stage, action: Action) -> bool:
    """Whether the stage lets the action happen at all; the step's gates say the rest."""
    return stage in PERMITS[action]
