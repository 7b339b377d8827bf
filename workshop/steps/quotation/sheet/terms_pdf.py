"""The terms on the service authorisation: excess, delivery, what is wished, guarantee."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from reportlab.platypus import Flowable

from workshop import paper
from workshop.orders.models import RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.models import SignedNames
from workshop.shop import past
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.queries import Group
from workshop.steps.reception import queries as reception
from workshop.web import display


def excess() -> list[Flowable]:
    """How an excess over the estimate is handled (R13 e)."""
    words = _(
        "Work or parts beyond this authorisation are done only after the customer has agreed to "
        "their price and their time, by signature, by phone with a note, or by the link. What was "
        "not agreed is not charged."
    )
    return [paper.section(_("If more is needed")), paper.note(words)]


def delivery(quotation: Quotation) -> list[Flowable]:
    """When, where and how the car is handed over, and what was agreed on besides (R13 f)."""
    order, shop = quotation.order, past.stood(quotation.order.branch, quotation.signed_at)
    names = signed.stood(order, quotation.signed_at)
    return [
        paper.section(_("Delivery")),
        paper.facts(
            [
                (_("Promised time"), day_and_time(quotation.offered_promise_at)),
                (_("Place"), shop["address"] or shop["name"]),
                (_("Way"), _("Collected at the shop after the check and the settlement")),
                (_("During the repair"), _stay(names)),
                *_wishes(order),
            ]
        ),
    ]


def _wishes(order: RepairOrder) -> list[tuple[str, str]]:
    """What was agreed on at the car besides the work."""
    sheet = reception.show_walkaround(order)
    return [
        (_("Replaced parts"), _(sheet.old_parts.label) if sheet.old_parts else "—"),
        (_("Wash"), _("Yes") if sheet.wash_wanted else _("No")),
        (_("Means to pay by"), _(sheet.pay_way.label) if sheet.pay_way else "—"),
    ]


def day_and_time(at: datetime | None) -> str:
    """A day with its time; empty when there is none."""
    return display.show_printed(at) if at else ""


def _stay(names: SignedNames) -> str:
    if names.stays is None:
        return ""
    return str(_("Waits in the lounge") if names.stays else _("Leaves and comes back"))


def guarantee(groups: list[Group]) -> list[Flowable]:
    """The guarantee period of each item (R13 g)."""
    heads = [group.head for group in groups if group.head.guarantee]
    rows = [
        [
            display.show_name(head),
            _(head.guarantee.label),
            _("%(km)s km or %(days)s days", km=f"{head.guarantee.km:,}", days=head.guarantee.days),
        ]
        for head in heads
        if head.guarantee
    ]
    return [
        paper.section(_("Quality guarantee")),
        paper.table([_("Item"), _("Class"), _("Guarantee period")], rows, "lll", (5, 5, 4)),
        paper.note(_("The guarantee runs from delivery; whichever ends first ends it.")),
    ]
