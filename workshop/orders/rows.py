"""What a row of the flow is made of: steps, actions, where people see an order, and the row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum, auto
from typing import Self

from workshop.enums import LabelledEnum
from workshop.errors import N_


class Step(LabelledEnum):
    """The ten steps in their order; the value is the word used everywhere for the step."""

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


class Action(LabelledEnum):
    """What people do to an order, as far as its stage has a say."""

    EDIT_RECEPTION = "edit_reception", N_("Edit the reception")
    EDIT_QUOTATION = "edit_quotation", N_("Edit the quotation")
    REVISE_QUOTATION = "revise_quotation", N_("Make a new version of the quotation")
    AUTHORISE = "authorise", N_("Sign the service authorisation")
    CARE = "care", N_("Record customer care")
    SCHEDULE = "schedule", N_("Schedule")
    RELEASE_PARTS = "release_parts", N_("Release to the workshop")
    ISSUE_PARTS = "issue_parts", N_("Issue parts")
    START_JOB = "start_job", N_("Start a job")
    REQUEST_ADDITION = "request_addition", N_("Request additional work")
    SEND_TO_CHECK = "send_to_check", N_("To the quality check")
    ADD_WORK = "add_work", N_("Add work")
    TAKE_OFF_WORK = "take_off_work", N_("Take work off")
    STOP_ORDER = "stop_order", N_("Stop the whole order")
    REOPEN = "reopen", N_("Back to work")
    QUALITY_CHECK = "quality_check", N_("Record the quality check")
    FINAL_CHECK = "final_check", N_("Record the final check")
    FINISH_WASH = "finish_wash", N_("Finish the wash")
    SETTLE = "settle", N_("Settle")
    CORRECT_BILL = "correct_bill", N_("Correct the bill")
    PREPARE_HANDOVER = "prepare_handover", N_("Prepare the handover")
    HAND_OVER = "hand_over", N_("Hand over")
    FOLLOW_UP = "follow_up", N_("Follow up")
    CHANGE_PROMISE = "change_promise", N_("Change the promised time")
    CANCEL = "cancel", N_("Cancel the order")


class Phase(Enum):
    """How far the work is: not agreed, agreed, being checked, finished, ready to leave, gone."""

    INTAKE = auto()
    WORK = auto()
    CHECK = auto()
    FINISH = auto()
    READY = auto()
    GONE = auto()


class Need(LabelledEnum):
    """Why an order is on the desk's list, most urgent first."""

    PROMISE_AT_RISK = "promise_at_risk", N_("Promise at risk")
    MORE_TIME = "more_time", N_("More time is needed")
    CUSTOMER_DECISION = "customer_decision", N_("Waiting for approval")
    TO_PRICE = "to_price", N_("Additional work to price")
    SHORTAGE = "shortage", N_("Short of parts, customer not told")
    REPORT_DUE = "report_due", N_("Report due")
    COLLECT = "collect", N_("Ready, not collected")
    FINAL_CHECK = "final_check", N_("Waiting for the final check")
    UNASSIGNED = "unassigned", N_("Not assigned")
    TO_RELEASE = "to_release", N_("To be released")
    TO_QUOTE = "to_quote", N_("To be quoted")
    IN_RECEPTION = "in_reception", N_("In reception")
    BILL = "bill", N_("To be settled")
    IN_WORK = "in_work", N_("In work")


class Bucket(LabelledEnum):
    """How far a car is, in the five pictures of the lounge screen."""

    WAITING = "waiting", N_("Waiting")
    REPAIR = "repair", N_("In repair")
    QUALITY_CHECK = "quality_check", N_("Quality check")
    WASH = "wash", N_("Wash")
    READY = "ready", N_("Ready")


class Milestone(LabelledEnum):
    """A step of the visit as the customer knows it."""

    RECEIVED = "received", N_("Received")
    QUOTED = "quoted", N_("Approval")
    REPAIR = "repair", N_("Repair")
    CHECK = "check", N_("Quality check")
    WASH = "wash", N_("Wash")
    READY = "ready", N_("Ready")


@dataclass(frozen=True)
class Facts:
    """What decides beside the stage; each is true where nobody has anything left to do.

    `ready`: nothing is left to do on the car, its wash included; `paid`: nothing is to be paid;
    `released`: to the workshop; `told`: the customer knows that the car is ready.
    """

    ready: bool = True
    paid: bool = True
    released: bool = True
    told: bool = True


@dataclass(frozen=True)
class Look:
    """How people see an order; what is None is as the row says beside it.

    `act` is the desk's button, `opens` its step, `need` why the order is on the desk's list;
    `words` and `milestone` are on the customer's link, where no milestone means that all are
    done; `screen` is the place in the lounge, None when the car is not shown there.
    """

    act: str | None = None
    words: str | None = None
    milestone: Milestone | None = None
    screen: Bucket | None = None
    need: Need | None = None
    opens: Step | None = None

    def over(self, other: Look) -> Look:
        """This look, and the other one where this says nothing."""
        names = [field.name for field in fields(self)]
        return Look(**{name: getattr(self, name) or getattr(other, name) for name in names})


TONES = {
    Phase.INTAKE: "info",
    Phase.WORK: "accent",
    Phase.CHECK: "accent",
    Phase.FINISH: "info",
    Phase.READY: "good",
    Phase.GONE: "neutral",
}
"""The colour of a stage's badge, where its row has none of its own."""

HERE = frozenset({Action.CARE, Action.CHANGE_PROMISE})
"""What every stage permits in which the car is here for its work."""


@dataclass(frozen=True)
class Row:
    """All that is known of a stage; `to` and `after` name the stages that follow and precede it.

    A plain stage needs only the first three and its neighbours: its phase, its milestone and its
    place in the lounge are then as in the first stage that it comes `after`, its button and its
    words are the labels of its step and of itself. Of `when`, the looks count whose facts are not
    true, the first above the others.
    """

    value: str
    label: str
    step: Step | None
    phase: Phase | None = None
    to: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    permits: frozenset[Action] = HERE
    tone: str | None = None
    look: Look = Look()
    when: tuple[tuple[str, Look], ...] = ()


class RowEnum(LabelledEnum):
    """An enum whose members are written `NAME = Row(…)`; the database keeps the row's value."""

    row: Row

    def __new__(cls, row: Row | str) -> Self:
        """Keep the row with the member."""
        # The text only lets type checkers read `Stage("value")` as the look-up that it is.
        if isinstance(row, str):
            raise TypeError(f"{cls.__name__} {row!r} has no row")
        member = object.__new__(cls)
        member._value_ = row.value
        member.label = row.label
        member.row = row
        return member
