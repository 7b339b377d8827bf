"""How a section is saved: one act, once, one commit, and back to the same section.

It comes from the page at the desk, or from the queue of the phone at the car, late or twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from workshop import db, web
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.phone import page as phone
from workshop.steps.reception import page as sheet
from workshop.steps.reception import queries, snapshots
from workshop.steps.reception import service as reception

Act = Callable[[RepairOrder, datetime], Any]


def save(no: str, section: str, form: web.Form, name: str, act: Act) -> ResponseReturnValue:
    """Do one act with a form; refused, it comes back inside the whole page."""
    order = orders.get_order(no, g.branch.id)
    answers: list[dict[str, Any]] = []
    if form.carry_out(lambda: answers.append(once(order, section, act))):
        return phone.reply(answers[0])
    phone.tell_queue(form)
    return sheet.page(orders.get_order(no), form.status, **{name: form})


def do(no: str, section: str, act: Act) -> ResponseReturnValue:
    """Do one act that a plain button asks for."""
    answer = once(orders.get_order(no, g.branch.id), section, act)
    db.commit()
    return phone.reply(answer)


def once(order: RepairOrder, section: str, act: Act) -> dict[str, Any]:
    """Do the act, however often it comes, at the time when it was tapped.

    Tells the queue what the page's marks were before and are now, so that what waits behind it is
    not taken for the act of somebody who has not seen it.
    """

    def do(at: datetime) -> dict[str, Any]:
        if not phone.is_queue():
            act(order, at)
            return {}
        orders.lock(order)
        before = _marks(order)
        act(order, at)
        db.session.flush()
        after = _marks(order)
        return {"marks": {name: [before[name], after[name]] for name in after}}

    url = url_for("reception.show", no=order.no, _anchor=section or None)
    name = str(request.endpoint).removeprefix("reception.")
    return phone.once(name, do, after=lambda: queries.find_begun_at(order), url=url)


def _marks(order: RepairOrder) -> dict[str, str]:
    """The marks that the page carries, by the name of the field: of each section, of the sheet."""
    walkaround = queries.show_walkaround(order)
    marks = {f"{name}-seen": mark for name, mark in snapshots.marks(order, walkaround).items()}
    return {**marks, "sign-seen": reception.mark_of_sheet(order, walkaround)}


def member(kind: Any, name: str) -> Any:
    """The enum member that a button names. Raises Invalid."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid(N_("This choice is not offered.")) from error


def is_on(name: str) -> bool:
    return request.form.get(name) == "yes"
