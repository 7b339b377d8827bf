"""The desk's side of a thread: read, say that one answers, answer, or note that it was done."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.thread import queries, rules, service
from workshop.thread.blueprint import bp
from workshop.thread.forms import AnswerForm


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


@bp.get("/orders/<no>/messages")
@requires(*service.ANSWERS)
def show(no: str) -> ResponseReturnValue:
    """What was written so far, and the answer."""
    return _page(_order(no), AnswerForm())


@bp.post("/orders/<no>/messages")
@requires(*service.ANSWERS)
def answer(no: str) -> ResponseReturnValue:
    """Answer the customer; they read it on their link."""
    order, form = _order(no), AnswerForm()
    seen = web.whole(form.seen.data) or 0
    if form.carry_out(
        lambda: service.answer(
            order,
            form.words.data or "",
            photo=form.picture,
            seen=seen,
            by=me(),
            at=clock.now(),
        )
    ):
        return redirect(url_for("thread.show", no=no))
    return _page(_order(no), form)


@bp.post("/orders/<no>/messages/claim")
@requires(*service.ANSWERS)
def claim(no: str) -> ResponseReturnValue:
    """Say that one answers."""
    service.claim(_order(no), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("thread.show", no=no))


@bp.post("/orders/<no>/messages/settle")
@requires(*service.ANSWERS)
def settle(no: str) -> ResponseReturnValue:
    """Note that the customer was answered otherwise."""
    service.settle(_order(no), by=me(), at=clock.now())
    db.commit()
    is_lounge = request.form.get("back") == "lounge"
    return redirect(url_for("lounge.index") if is_lounge else url_for("thread.show", no=no))


def _page(order: RepairOrder, form: AnswerForm) -> ResponseReturnValue:
    at = clock.now()
    thread = queries.find_thread(order)
    messages = queries.list_messages(order)
    is_claimed = thread is not None and rules.is_claimed(thread.claimed_at, at)
    return web.page(
        "thread/show.html",
        form.status,
        order=order,
        form=form,
        thread=thread,
        messages=messages,
        last_id=messages[-1].id if messages else 0,
        waits=thread is not None and thread.waits_since is not None,
        is_late=thread is not None and thread.due_at is not None and thread.due_at < at,
        claimed_by=thread.claimed_by if thread is not None and is_claimed else None,
    )
