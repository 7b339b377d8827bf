"""The reception at the car, on a phone or tablet: its page, and what keeps it going offline."""

from __future__ import annotations

from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from workshop import db
from workshop.errors import NotFound
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.phone import applied, dropping
from workshop.phone import page as phone
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.reception.blueprint import bp
from workshop.steps.reception.walk import page as walk


@bp.get("/reception/walk/<no>", endpoint="walk")
@requires(Permission.RECEIVE)
def show(no: str) -> ResponseReturnValue:
    """The walk round the car, one thing a screen."""
    return walk.page(orders.get_order(no, g.branch.id))


@bp.get("/reception/walk/worker.js", endpoint="walk_worker")
@requires(Permission.RECEIVE)
def worker() -> ResponseReturnValue:
    """The script that shows the walk while the line is down."""
    return phone.worker("/reception/walk")


@bp.get("/reception/walk/line", endpoint="walk_line")
@requires(Permission.RECEIVE)
def line() -> ResponseReturnValue:
    """For the queue, when the line is back."""
    return phone.line()


@bp.post("/reception/walk/dropped")
@requires(Permission.RECEIVE)
def drop_act() -> ResponseReturnValue:
    """Note that a refused act will not be sent again, and why."""
    sent, order = request.form, _find_order()

    def act(at: datetime) -> None:
        dropping.note(
            "reception.drop_act",
            order,
            sent.get("what", ""),
            sent.get("refused", ""),
            sent.get("reason", ""),
            tapped_at=phone.moment_of(sent.get("was_tapped_at", "")),
            by=me(),
            at=at,
        )

    url = url_for("reception.index")
    answer = phone.once(applied.DROPPED, act, after=lambda: None, url=url)
    db.commit()
    return phone.reply(answer)


def _find_order() -> RepairOrder | None:
    try:
        return orders.get_order(request.form.get("job_id", ""), g.branch.id)
    except NotFound:
        return None
