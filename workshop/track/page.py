"""All that the customer's link shows of an order.

An offer looks here as it does at the desk, so its sheet and its sums come from the quotation's
own page: a surface shows what the steps have made.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.customers import masks
from workshop.customers.contacts import queries as contacts
from workshop.errors import N_
from workshop.orders import expected
from workshop.orders.models import RepairOrder
from workshop.steps.quotation import forms, queries
from workshop.steps.quotation import page as quotation_page
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair.changing import asked as changing
from workshop.track import progress
from workshop.track.forms import AnswerForm


def render(
    order: RepairOrder,
    token: str,
    form: AnswerForm | None = None,
    answered: int = 0,
    *,
    less_form: AnswerForm | None = None,
) -> ResponseReturnValue:
    """The page; a refused answer to the quotation of id `answered` comes back as it was given.

    `less_form` is the refused signature under less work.
    """
    at = clock.now()
    to_decide = [quotation_page.sheet(each, at) for each in queries.list_to_decide(order)]
    typed = request.form if form else {}
    groups = [group for sheet in to_decide for group in sheet.groups]
    decisions = forms.read_decisions(typed, groups)
    look = order.stage.look(order.facts)
    context: dict[str, Any] = {
        "order": order,
        "expected": expected.of(order, clock.now()),
        "token": token,
        "plate": masks.mask_plate(order.vehicle.plate) if order.vehicle.plate else "",
        "points": progress.list_points(look),
        "words": look.words,
        "to_decide": to_decide,
        "open_lines": len(groups),
        "open_fen": sum(sheet.totals.customer_fen for sheet in to_decide),
        "signed": [(_title_of(each), each) for each in _list_answered(order)],
        "authorised_fen": queries.authorised_fen(order),
        "less": changing.show_asked(order),
        "less_form": less_form,
        "asks_authority": bool(contacts.list_authorising(order.customer)),
        "authority": (form or less_form or AnswerForm()).authority,
        "fewer": [each for each in taking_off.list_versions(order) if each.is_agreed],
        "form": form,
        "answered": answered,
        "decisions": decisions,
        "reasons": forms.read_reasons(typed, groups),
        "declined_for": typed.get("reason", ""),
        "chosen": {each.quotation.id: quotation_page.add_up(each, decisions) for each in to_decide},
    }
    refused = form or less_form
    return web.page("track/show.html", refused.status if refused else 200, **context)


def render_sum(offered: Quotation) -> ResponseReturnValue:
    """What the lines ticked so far add up to."""
    sheet = quotation_page.sheet(offered)
    decisions = forms.read_decisions(request.args, sheet.groups)
    return web.page("quotation/_chosen.html", chosen=quotation_page.add_up(sheet, decisions))


def _list_answered(order: RepairOrder) -> list[Quotation]:
    answered = (QuotationState.SIGNED, QuotationState.DECLINED)
    return [each for each in queries.list_quotations(order) if each.state in answered]


def _title_of(answered: Quotation) -> str:
    """What the customer has answered, as a msgid."""
    if answered.state is QuotationState.DECLINED:
        return N_("Declined quotation") if answered.is_main else N_("Additional work declined")
    return N_("Service authorisation") if answered.is_main else N_("Additional work agreed")
