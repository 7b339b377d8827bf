"""All that the customer's link shows of an order.

An offer looks here as it does at the desk, so its sheet and its sums come from the quotation's
own page: a surface shows what the steps have made.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from workshop import clock, web
from workshop.customers import masks
from workshop.customers.contacts import queries as contacts
from workshop.errors import N_
from workshop.orders import expected
from workshop.orders.models import RepairOrder
from workshop.shop import queries as shop
from workshop.steps.quotation import forms, queries
from workshop.steps.quotation import page as quotation_page
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair.changing import asked as changing
from workshop.track import cookie, progress, rules
from workshop.track.forms import AnswerForm
from workshop.track.standing import Standing
from workshop.track.standing import find as find_standing
from workshop.web import assets

_HEALED_MINUTES = 15


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
    standing = find_standing(token, at, cookie.list_opened())
    tag = tag_of(standing, at) if standing else ""
    to_decide = [quotation_page.sheet(each, at) for each in queries.list_to_decide(order)]
    typed = request.form if form else {}
    groups = [group for sheet in to_decide for group in sheet.groups]
    decisions = forms.read_decisions(typed, groups)
    look = order.stage.look(order.facts)
    context: dict[str, Any] = {
        "order": order,
        "expected": expected.of(order, clock.now()),
        "token": token,
        "tag": tag,
        "pace": rules.pace(order.stage, order.ready_at),
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


def tag_of(standing: Standing, at: datetime) -> str:
    """What the page stands on, in short.

    Prices that wait for an answer are shown beside today's: while something is to decide it is
    another page each minute. Whatever no version tells of, like the shop's own name, is new after
    a quarter of an hour.
    """
    minutes = int(at.timestamp()) // 60
    period = minutes if standing.decides else minutes // _HEALED_MINUTES
    looks = (assets.asset("track/follow.js"), assets.asset("track/track.css"))
    stands = (standing, period, str(get_locale()), looks)
    return blake2b(repr(stands).encode(), digest_size=12).hexdigest()


def is_known() -> bool:
    """Whether a phone asks that has the page as it would be made again: one query says so."""
    if request.endpoint != "track.show_order" or request.method != "GET":
        return False
    # Whoever compressed the page has added how.
    tags = {each.partition(":")[0] for each in request.if_none_match}
    at, token = clock.now(), str((request.view_args or {}).get("token", ""))
    standing = find_standing(token, at, cookie.list_opened()) if tags else None
    if standing is None or tag_of(standing, at) not in tags:
        return False
    g.zone_name = standing.zone
    return True


def render_unknown() -> ResponseReturnValue:
    """The page of a link that opens nothing: it names the shop and its phone, and no order."""
    return web.page("track/unknown.html", 404, branches=shop.list_branches())


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
