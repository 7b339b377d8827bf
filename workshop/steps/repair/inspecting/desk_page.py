"""The page of an order's inspections: one sheet, its findings, and how its red lines end."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from workshop import web
from workshop.inspections import queries as inspections
from workshop.inspections.rules import Result
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.repair.inspecting import page as sheets
from workshop.steps.repair.inspecting import queries
from workshop.steps.repair.inspecting.forms import DeclineForm, DeferForm

_MAY_ANSWER = frozenset({Permission.RECEIVE, Permission.INSPECT})


def page(
    order: RepairOrder, list_id: int | None = None, form: web.Form | None = None
) -> ResponseReturnValue:
    """The page, with the refused form as it was typed."""
    offered = queries.list_offered(order)
    asked = list_id or request.args.get("list", 0, type=int)
    begun = next(iter(inspections.list_of(order)), None)
    chosen = next((each for each in offered if each.id == asked), begun and begun.checklist)
    answers_lines = bool(me().rights & _MAY_ANSWER) and order.stage.is_here
    ends_reds = me().may(Permission.QUOTE) and order.stage.is_here
    asks_customer = me().may(Permission.REQUEST_ADDITION) and permits(
        order.stage, Action.REQUEST_ADDITION
    )
    return web.page(
        "repair/inspections.html",
        form.status if form is not None else 200,
        order=order,
        offered=offered,
        sheet=sheets.sheet(order, chosen, with_earlier=True) if chosen else None,
        reds={each.answer.id: each for each in queries.list_reds(order)},
        refused=form,
        defer_form=DeferForm.blank(),
        decline_form=DeclineForm.blank(),
        results=Result,
        answers_lines=answers_lines,
        ends_reds=ends_reds,
        asks_customer=asks_customer,
        quotes_reds=ends_reds and order.authorised_at is None,
    )
