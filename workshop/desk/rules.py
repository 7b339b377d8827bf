"""What an order needs next, and in which order the desk shows it (surfaces.md, advisor's desk)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.flow import Stage, Step

S = Stage


class Need(LabelledEnum):
    """Why an order is on the list, most urgent first."""

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


# What an order of a stage needs, as far as its stage says: the words of the button, and the step.
NEXT: dict[Stage, tuple[str, Step]] = {
    S.RECEPTION: (N_("Continue the reception"), Step.RECEPTION),
    S.INSPECTED: (N_("Make the quotation"), Step.QUOTATION),
    S.QUOTED: (N_("Get the decision"), Step.QUOTATION),
    S.AUTHORISED: (N_("Assign the jobs"), Step.SCHEDULING),
    S.SCHEDULED: (N_("Release to the workshop"), Step.PARTS),
    S.REPAIR: (N_("See the repair"), Step.REPAIR),
    S.PAUSED: (N_("See why it stands"), Step.REPAIR),
    S.QUALITY_CHECK: (N_("See the quality check"), Step.REPAIR),
    S.REWORK: (N_("Assign the rework"), Step.SCHEDULING),
    S.FINAL_CHECK: (N_("Do the final check"), Step.REPAIR),
    S.WASH: (N_("Make the settlement list"), Step.SETTLEMENT),
    S.SETTLEMENT: (N_("Take the payment"), Step.SETTLEMENT),
    S.SETTLED: (N_("Hand the car over"), Step.HANDOVER),
    S.READY: (N_("Hand the car over"), Step.HANDOVER),
    S.DECLINED: (N_("Hand the car over"), Step.HANDOVER),
    S.DELIVERED: (N_("See the follow-up"), Step.FOLLOWUP),
    S.FOLLOWED_UP: (N_("See the follow-up"), Step.FOLLOWUP),
}

# What is more urgent than the stage's own next act has an act of its own.
_ACT_OF: dict[Need, tuple[str, Step]] = {
    Need.TO_PRICE: (N_("Price it"), Step.REPAIR),
    Need.MORE_TIME: (N_("Decide on the time"), Step.REPAIR),
    Need.SHORTAGE: (N_("Tell the customer"), Step.PARTS),
    Need.REPORT_DUE: (N_("Report the progress"), Step.LOUNGE),
}

_NEED_OF = {
    S.RECEPTION: Need.IN_RECEPTION,
    S.INSPECTED: Need.TO_QUOTE,
    S.QUOTED: Need.CUSTOMER_DECISION,
    S.AUTHORISED: Need.UNASSIGNED,
    S.REWORK: Need.UNASSIGNED,
    S.FINAL_CHECK: Need.FINAL_CHECK,
    S.WASH: Need.BILL,
    S.SETTLEMENT: Need.BILL,
    S.READY: Need.COLLECT,
    S.SETTLED: Need.COLLECT,
    S.DECLINED: Need.COLLECT,
}


@dataclass(frozen=True)
class Facts:
    """What the list must know of an order.

    `has_finding`: the advisor has to price it; `needs_time`: a technician asks for more time;
    `is_short`: parts, and the customer does not know; `is_billed`: nothing is to be paid;
    `is_told`: the customer knows that the car is ready; `is_forecast_late`: the watch sees the
    work end too late for the promise.
    """

    stage: Stage
    promised_at: datetime | None
    ready_at: datetime | None
    is_released: bool = True
    waits_for_addition: bool = False
    has_finding: bool = False
    needs_time: bool = False
    is_short: bool = False
    is_billed: bool = True
    is_told: bool = True
    report_due_at: datetime | None = None
    is_forecast_late: bool = False


def need_of(facts: Facts, at: datetime, delivery_minutes: int) -> Need:
    """The most urgent thing that the order needs at `at`.

    A promise is at risk when less than the delivery buffer (N2) is left and the car is not ready,
    or as soon as the forecast says so.
    """
    if facts.ready_at is None and facts.promised_at is not None:
        working = facts.stage not in (S.RECEPTION, S.INSPECTED, S.QUOTED, S.DECLINED)
        is_late = at > facts.promised_at - timedelta(minutes=delivery_minutes)
        if working and (is_late or facts.is_forecast_late):
            return Need.PROMISE_AT_RISK
    if facts.needs_time:
        return Need.MORE_TIME
    if facts.waits_for_addition:
        return Need.CUSTOMER_DECISION
    if facts.has_finding:
        return Need.TO_PRICE
    if facts.is_short:
        return Need.SHORTAGE
    is_ready = facts.ready_at is not None
    if not is_ready and facts.report_due_at is not None and facts.report_due_at <= at:
        return Need.REPORT_DUE
    if facts.stage is S.SCHEDULED and not facts.is_released:
        return Need.TO_RELEASE
    return _NEED_OF.get(facts.stage, Need.IN_WORK)


def act_of(facts: Facts, need: Need) -> tuple[str, Step] | None:
    """The one button: its words, and the step that it opens; None when all is over."""
    if need in _ACT_OF:
        return _ACT_OF[need]
    if facts.waits_for_addition:
        return N_("Ask the customer"), Step.QUOTATION
    if facts.stage is S.SCHEDULED and facts.is_released:
        return N_("See the parts"), Step.PARTS
    if facts.stage is S.READY and not facts.is_told:
        return N_("Tell the customer that it is ready"), Step.HANDOVER
    if facts.stage is S.READY and not facts.is_billed:
        return N_("Settle the bill"), Step.SETTLEMENT
    return NEXT.get(facts.stage)
