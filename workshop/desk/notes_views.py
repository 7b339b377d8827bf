"""Notes on an order, and where its key and the car are."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.desk.blueprint import bp
from workshop.desk.forms import KeyForm, NoteForm
from workshop.desk.notes_page import Notes, key_form_of
from workshop.orders import keys
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.orders.notes import queries
from workshop.orders.notes import service as notes
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission


@bp.get("/orders/<no>/notes")
@requires(Permission.VIEW_ORDERS)
def order_notes(no: str) -> ResponseReturnValue:
    """What colleagues wrote about the order."""
    return _page(_get(no), NoteForm.blank())


@bp.post("/orders/<no>/notes")
@requires(Permission.VIEW_ORDERS)
def write_note(no: str) -> ResponseReturnValue:
    """One more note."""
    order, form = _get(no), NoteForm.posted()
    if form.carry_out(lambda: notes.write(order, form.text.data or "", by=me(), at=clock.now())):
        return redirect(url_for("desk.order", no=no, _anchor="notes"))
    return _page(_get(no), form)


@bp.post("/orders/<no>/notes/<int:note_id>")
@requires(Permission.VIEW_ORDERS)
def correct_note(no: str, note_id: int) -> ResponseReturnValue:
    """Other words, within ten minutes."""
    note, form = queries.get_note(_get(no), note_id), NoteForm.posted()
    if form.carry_out(lambda: notes.correct(note, form.text.data or "", by=me(), at=clock.now())):
        return redirect(url_for("desk.order", no=no, _anchor="notes"))
    return _page(_get(no), form, correcting=note_id)


@bp.post("/orders/<no>/notes/seen")
@requires(Permission.VIEW_ORDERS)
def see_notes(no: str) -> ResponseReturnValue:
    """I have opened the order: the page says so by itself."""
    notes.see(_get(no), by=me(), at=clock.now())
    db.commit()
    return "", HTTPStatus.NO_CONTENT


@bp.post("/orders/<no>/key")
@requires(Permission.VIEW_ORDERS)
def put_key(no: str) -> ResponseReturnValue:
    """The tag on the key, and where the car stands."""
    order, form = _get(no), KeyForm.posted()
    tag, place = form.key_tag.data or "", form.parked_at.data or ""
    if form.carry_out(lambda: keys.put(order, tag, place, by=me(), at=clock.now())):
        flash(gettext("Saved."), "good")
        return redirect(url_for("desk.order", no=no))
    return _page(_get(no), NoteForm.blank(), key_form=form)


def _page(
    order: RepairOrder,
    form: NoteForm,
    *,
    correcting: int | None = None,
    key_form: KeyForm | None = None,
) -> ResponseReturnValue:
    status = key_form.status if key_form is not None else form.status
    return web.page(
        "desk/notes.html",
        status,
        order=order,
        notes=Notes(order, me(), clock.now(), form, correcting),
        key_form=key_form or key_form_of(order),
    )


def _get(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)
