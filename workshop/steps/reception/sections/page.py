"""How a section of the page is saved: one act, one commit, and back to the same section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import db, web
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.steps.reception import page as sheet


def save(
    no: str, section: str, form: web.Form, name: str, act: Callable[[RepairOrder], Any]
) -> ResponseReturnValue:
    """Do one act with a form; refused, it comes back inside the whole page."""
    order = orders.get_order(no, g.branch.id)
    if form.carry_out(lambda: act(order)):
        return _back(no, section)
    return sheet.page(orders.get_order(no), form.status, **{name: form})


def do(no: str, section: str, act: Callable[[RepairOrder], Any]) -> ResponseReturnValue:
    """Do one act that a plain button asks for."""
    act(orders.get_order(no, g.branch.id))
    db.commit()
    return _back(no, section)


def _back(no: str, section: str) -> ResponseReturnValue:
    return redirect(url_for("reception.show", no=no, _anchor=section))


def member(kind: Any, name: str) -> Any:
    """The enum member that a button names. Raises Invalid."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid(N_("This choice is not offered.")) from error


def is_on(name: str) -> bool:
    return request.form.get(name) == "yes"
