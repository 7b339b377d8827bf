"""All that the customer's link shows of an order.

An offer looks here as it does at the desk, so its sheet and its sums come from the quotation's
own page: a surface shows what the steps have made.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from workshop.steps.quotation import forms, queries
from workshop.steps.quotation import page as quotation_page
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair.changing import asked as changing
from workshop.thread import queries as thread
from workshop.thread import rules as talking
from workshop.thread.models import OrderThread, ThreadMessage
from workshop.track import cookie, ending, progress, rules, story
from workshop.track import service as track
from workshop.track.forms import AnswerForm, SayForm
from workshop.track.standing import Standing
from workshop.track.standing import find as find_standing
from workshop.web import assets

_HEALED_MINUTES = 15


def open_order(token: str) -> RepairOrder:
    """The order behind the token, with its shop's name and time zone on the page."""
    order = track.get_order_of(token, clock.now(), cookie.list_opened())
    g.branch = order.branch
    g.zone_name = order.branch.zone
    return order


def render(
    order: RepairOrder,
    token: str,
    form: AnswerForm | None = None,
    answered: int = 0,
    *,
    less_form: AnswerForm | None = None,
    say_form: SayForm | None = None,
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
        "talk": _talk(order, at),
        "say_form": say_form or SayForm(),
        "is_writer": cookie.may_write(order.id),
        "moments": story.tell(order),
        "deferred": story.list_deferred(order),
        "bill": ending.find_bill(order),
        "guarantees": ending.list_guarantees(order),
        "next": ending.find_next(order),
        "opening": ending.list_opening(order, at),
        "papers": ending.list_papers(order),
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
    refused = form or less_form or say_form
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


def render_sum(offered: Quotation) -> ResponseReturnValue:
    """What the lines ticked so far add up to."""
    sheet = quotation_page.sheet(offered)
    decisions = forms.read_decisions(request.args, sheet.groups)
    return web.page("quotation/_chosen.html", chosen=quotation_page.add_up(sheet, decisions))


@dataclass(frozen=True)
class Talk:
    """The thread as its customer reads it; `wishes` are what one press asks for."""

    messages: list[ThreadMessage]
    thread: OrderThread | None
    wishes: list[talking.Wish]
    is_closed: bool

    @property
    def sounds_like_yes(self) -> bool:
        """Whether the customer's last word seems to agree to something."""
        last = self.messages[-1] if self.messages else None
        return last is not None and last.is_customers and talking.sounds_like_yes(last.words)


def _talk(order: RepairOrder, at: datetime) -> Talk:
    is_here = order.stays is True and order.stage.is_here
    asked = [each for each in talking.Wish if each.is_urgent]
    wishes = [each for each in asked if is_here or each not in talking.HERE_ONLY]
    is_closed = talking.is_closed(order.delivered_at, at)
    return Talk(thread.list_messages(order), thread.find_thread(order), wishes, is_closed)


def _list_answered(order: RepairOrder) -> list[Quotation]:
    answered = (QuotationState.SIGNED, QuotationState.DECLINED)
    return [each for each in queries.list_quotations(order) if each.state in answered]


def _title_of(answered: Quotation) -> str:
    """What the customer has answered, as a msgid."""
    if answered.state is QuotationState.DECLINED:
        return N_("Declined quotation") if answered.is_main else N_("Additional work declined")
    return N_("Service authorisation") if answered.is_main else N_("Additional work agreed")
