"""What an order needs next, and in which order the desk shows it (surfaces.md, advisor's desk)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.errors import N_
from workshop.orders import rows
from workshop.orders import rules as order_rules
from workshop.orders.flow import Stage, Step, list_in
from workshop.orders.rows import Need, Phase
from workshop.staff.permissions import Permission

# The beginning of an order's number, a part of it, or all of it: RO20260701-0012.
_NUMBER = re.compile(r"RO[\d-]*|[\d-]{2,}")
_WORKING = list_in(Phase.WORK, Phase.CHECK, Phase.FINISH)
# What is more urgent than the stage's own next act has an act of its own.
_ACT_OF: dict[Need, tuple[str, Step]] = {
    Need.TO_PRICE: (N_("Price it"), Step.REPAIR),
    Need.MORE_TIME: (N_("Decide on the time"), Step.REPAIR),
    Need.SHORTAGE: (N_("Tell the customer"), Step.PARTS),
    Need.REPORT_DUE: (N_("Report the progress"), Step.LOUNGE),
}

RIGHT_OF = {
    Step.BOOKING: Permission.BOOK,
    Step.RECEPTION: Permission.RECEIVE,
    Step.QUOTATION: Permission.QUOTE,
    Step.LOUNGE: Permission.CARE,
    Step.SCHEDULING: Permission.SCHEDULE,
    Step.PARTS: Permission.PICK_PARTS,
    Step.REPAIR: Permission.INSPECT,
    Step.SETTLEMENT: Permission.SETTLE,
    Step.HANDOVER: Permission.DELIVER,
    Step.FOLLOWUP: Permission.FOLLOW_UP,
}
"""Who holds the right does the step's own work, and so is whom its gaps are for."""


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

    def is_too_late_for(self, at: datetime) -> bool:
        """Whether the promise is broken if the car is handed over at `at`, or by the forecast."""
        if self.promised_at is None or self.ready_at is not None:
            return False
        is_late = order_rules.is_late(self.stage, self.promised_at, self.ready_at, at)
        return is_late or self.is_forecast_late

    @property
    def look(self) -> rows.Look:
        """How the desk sees the order, as far as its stage says."""
        ready = self.ready_at is not None
        return self.stage.look(
            rows.Facts(ready, paid=self.is_billed, released=self.is_released, told=self.is_told)
        )


def need_of(facts: Facts, at: datetime, delivery_minutes: int) -> Need:
    """The most urgent thing that the order needs at `at`.

    A promise is at risk when less than the delivery buffer (N2) is left and the car is not ready,
    or as soon as the forecast says so.
    """
    if facts.stage in _WORKING and facts.is_too_late_for(at + timedelta(minutes=delivery_minutes)):
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
    return facts.look.need or Need.IN_WORK


def act_of(facts: Facts, need: Need) -> tuple[str, Step] | None:
    """The one button: its words, and the step that it opens; None when all is over."""
    if need in _ACT_OF:
        return _ACT_OF[need]
    if facts.waits_for_addition:
        return N_("Ask the customer"), Step.QUOTATION
    look = facts.look
    return (look.act, look.opens) if look.act and look.opens else None


def may_be_number(wanted: str) -> bool:
    """Whether these words, in capitals, may be an order's number or a part of one."""
    return _NUMBER.fullmatch(wanted) is not None
