"""“I need 20 more minutes”: asked on the phone, decided on the order's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.forms import MoreTimeForm
from workshop.steps.repair.phone import page as phone
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.rules import MoreTimeReason


@bp.route("/my-jobs/<int:job_id>/more-time", methods=["GET", "POST"])
@requires(Permission.WORK)
def ask_more_time(job_id: int) -> ResponseReturnValue:
    """Say how much longer the job takes; the advisor and the board know at once."""
    mine = phone.get_mine(job_id)
    form = MoreTimeForm()

    def act(at: datetime) -> None:
        reason = MoreTimeReason(form.reason.data)
        more_time.ask(mine, form.minutes.data, reason, by=me(), at=at)

    url = url_for("repair.job", job_id=job_id)
    answers: list[dict[str, Any]] = []
    if form.carry_out(lambda: answers.append(phone.once("more_time", act, mine, url=url))):
        flash(gettext("The advisor and the board know."), "good")
        return phone.reply(answers[0])
    phone.tell_queue(form)
    return web.page(
        "repair/more_time.html", form.status, form=form, **phone.card(phone.get_mine(job_id))
    )


@bp.post("/orders/<no>/repair/more-time/<int:request_id>/grant")
@requires(Permission.SCHEDULE)
def grant_more_time(no: str, request_id: int) -> ResponseReturnValue:
    """Let the plan follow: the job grows on the board."""
    order = orders.get_order(no, me().branch_id)
    more_time.grant(more_time.get_request(order, request_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("The job is longer on the board now."), "good")
    return redirect(url_for("repair.show", no=no))


@bp.post("/orders/<no>/repair/more-time/<int:request_id>/leave")
@requires(Permission.SCHEDULE)
def leave_more_time(no: str, request_id: int) -> ResponseReturnValue:
    """Take note of a request; the plan stays as it is."""
    order = orders.get_order(no, me().branch_id)
    more_time.leave(more_time.get_request(order, request_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("repair.show", no=no))
