"""Why a finished car cannot go back to work now, or not by this person."""

from __future__ import annotations

from workshop.errors import N_, Missing, Way
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.settlement import queries as settlement


def missing_to_reopen(order: RepairOrder) -> list[Missing]:
    """What forbids it, whoever asks: the stage, nothing signed, a credit that is being decided."""
    if not permits(order.stage, Action.REOPEN):
        words = N_("“%(action)s” is not possible while the order is “%(stage)s”.")
        return [Missing(words, "stage", {"action": Action.REOPEN, "stage": order.stage})]
    if quotation.find_signed(order) is None and find_declined(order) is None:
        return [Missing(N_("The service authorisation is not signed."), "quotation_signed")]
    bill = settlement.find_live(order)
    credit = settlement.find_credit(bill) if bill is not None else None
    if credit is not None and credit.approved is None:
        way = Way("settlement.show", N_("Open the bill"), {"no": order.no})
        return [Missing(N_("A credit request waits for its decision."), "credit_open", way=way)]
    return []


def find_declined(order: RepairOrder) -> Quotation | None:
    """The quotation of a car that was released with nothing signed: it is offered again."""
    current = quotation.find_current(order)
    is_declined = current is not None and current.state is QuotationState.DECLINED
    return current if is_declined else None


def find_way_on(order: RepairOrder) -> Way:
    """Where it goes on once the car is back, and what can be done there."""
    if find_declined(order) is not None:
        words = N_("A new version of the quotation is begun. Offer it, and let the customer sign.")
        return Way("quotation.show", words, {"no": order.no})
    return Way("repair.change", N_("Work can be added and taken off again."), {"no": order.no})


def missing_right(order: RepairOrder, by: User) -> list[Missing]:
    """A bill is taken back by who settles; once it is paid or credited by who may override."""
    bill = settlement.find_live(order)
    if bill is None or by.may(Permission.SETTLE if bill.is_open else Permission.OVERRIDE):
        return []
    if bill.is_open:
        words, right = N_("The bill has to be taken back."), Permission.SETTLE
    else:
        words, right = N_("A paid bill has to be taken back."), Permission.OVERRIDE
    return [Missing(words, right.value, way=staff.instead(right))]
