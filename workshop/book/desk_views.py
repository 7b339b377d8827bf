"""The desk's list of what customers asked for by themselves, with what it does about it."""

from __future__ import annotations

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.book.blueprint import bp
from workshop.book.forms import RefuseForm
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking.online import answering, queries


@bp.get("/booking/online")
@requires(Permission.BOOK)
def requests() -> ResponseReturnValue:
    """What waits for an answer, what is held, and what was answered last."""
    return _list()


def _list(form: RefuseForm | None = None, refused_id: int = 0) -> ResponseReturnValue:
    found = queries.list_open(g.branch, clock.now())
    return web.page(
        "book/requests.html",
        form.status if form is not None else 200,
        waiting=[each for each in found if each.is_requested],
        late=[each for each in found if each.is_answerable and not each.is_requested],
        held=[each for each in found if each.is_held],
        answered=queries.list_answered(g.branch),
        rules=queries.rules_of(g.branch),
        form=form or RefuseForm(formdata=None),
        refused_id=refused_id,
    )


@bp.post("/booking/online/<int:booking_id>/refuse")
@requires(Permission.BOOK)
def refuse(booking_id: int) -> ResponseReturnValue:
    """Say no, with the reason that the customer reads."""
    form, found = RefuseForm(), queries.get_booking(booking_id, me().branch_id)
    reason = form.reason.data or ""
    if form.carry_out(lambda: answering.refuse(found, reason, by=me(), at=clock.now())):
        flash(gettext("Refused. The time is free again."), "good")
        return redirect(url_for("book.requests"))
    return _list(form, booking_id)


@bp.get("/booking/online/<int:booking_id>/photo/<int:photo_id>")
@requires(Permission.BOOK)
def photo(booking_id: int, photo_id: int) -> ResponseReturnValue:
    """A picture that the customer sent."""
    kept = queries.get_photo(photo_id, queries.get_booking(booking_id, me().branch_id))
    return Response(kept.data, mimetype=kept.mime)
