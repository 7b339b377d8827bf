"""What the page “Change the work” shows: what was signed, what follows when less is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.customers.contacts import queries as contacts
from workshop.errors import Invalid
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff
from workshop.steps.repair import queries
from workshop.steps.repair.changing import foresight, forms, gates
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.forms import ChangeForm


def render(order: RepairOrder, form: ChangeForm | None = None) -> ResponseReturnValue:
    """The page; with lines chosen also what follows, and the form of the last word."""
    at = clock.now()
    wishes, wrong = _read()
    stops = bool(request.values.get("stop"))
    chosen = bool(wishes) or stops
    change = foresight.foresee(order, wishes, at, stops=stops) if chosen else None
    shown = form or ChangeForm(
        formdata=None, reason=request.args.get("reason", ""), stop="1" if stops else ""
    )
    if change is not None:
        shown.shown_at.data, shown.shown_fen.data = at.isoformat(), str(change.after_fen)
        shown.stop.data = "1" if change.stops else ""
        wishes = {each.id: wishes.get(each.id, Wish()) for each in change.off}
    if wrong is not None:
        shown.refuse(wrong)
    choices = foresight.list_choices(order, at, wishes)
    versions = list(reversed(taking_off.list_versions(order)))
    context: dict[str, Any] = {
        "order": order,
        "form": shown,
        "choices": choices,
        **_rights(order, choices, versions),
        "wishes": wishes,
        "change": change,
        "hidden": list(forms.written(wishes)),
        "asks_check": _asks_check(order, change),
        "versions": versions,
        "authorised_fen": quotation.authorised_fen(order),
        "reworks": foresight.list_reworks(order) if change and change.stops else [],
        "requests": queries.open_additions(order) if change and change.stops else [],
        "can_add": permits(order.stage, Action.ADD_WORK) and me().may(Permission.QUOTE),
        "can_cancel": permits(order.stage, Action.CANCEL) and me().may(Permission.CANCEL_ORDER),
        "agreeing": contacts.list_agreeing(order.customer),
        "may_waive": me().may(Permission.DISCOUNT),
    }
    return web.page("repair/change.html", shown.status, **context)


def _rights(
    order: RepairOrder, choices: list[foresight.Choice], versions: list[TakeOff]
) -> dict[str, Any]:
    """What the reader may do here, as the order lets it; or what forbids it to everybody."""
    may_change = any(me().may(each) for each in gates.MAY_CHANGE)
    missing, missing_to_stop = gates.missing_to_take_off(order), gates.missing_to_stop(order)
    can_choose = may_change and not missing
    return {
        "missing": missing,
        "missing_to_stop": missing_to_stop,
        "can_choose": can_choose,
        "can_stop": may_change and not missing_to_stop,
        "choosable": {each.id for each in choices if can_choose and each.can_go},
        "droppable": {each.id for each in versions if may_change and each.is_asked},
    }


def _read() -> tuple[Mapping[int, Wish], Invalid | None]:
    try:
        return forms.read_wishes(request.values), None
    except Invalid as error:
        return {}, error


def _asks_check(order: RepairOrder, change: foresight.Change | None) -> bool:
    """Whether somebody has to say if what was done is checked."""
    if change is None or not change.stops:
        return False
    return change.was_worked_on or foresight.was_worked_on(order)
