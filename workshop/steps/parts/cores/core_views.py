"""Deposits for old parts: what customers still have to bring, what suppliers still hold."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.db import session
from workshop.shop import calendar
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.cores import forms, queries, rules, service, sheets
from workshop.stock.cores import queries as sent
from workshop.stock.cores import service as sending
from workshop.stock.parts import queries as register
from workshop.stock.suppliers import queries as suppliers


@bp.get("/parts/cores")
@requires(Permission.PICK_PARTS, Permission.SETTLE)
def cores() -> ResponseReturnValue:
    """Deposits of customers and at suppliers."""
    return _page()


def _page(form: web.Form | None = None, form_of: str = "") -> ResponseReturnValue:
    asked = access.asked()
    today = calendar.local_day(g.branch, clock.now())
    return web.page(
        "parts/cores.html",
        form.status if form else 200,
        text=asked.text,
        out=sheets.list_out(asked),
        done=queries.list_done(g.branch.id),
        held=sent.list_held(g.branch.id),
        shipments=sent.list_shipments(g.branch.id),
        is_late=lambda row: rules.is_late(row.due_on, today),
        name_of=lambda user_id: session.get_one(User, user_id).display_name,
        form=form,
        form_of=form_of,
    )


def _done(words: str) -> ResponseReturnValue:
    flash(words, "good")
    return redirect(url_for(".cores"))


@bp.post("/parts/cores/<int:line_id>/back")
@requires(Permission.PICK_PARTS)
def core_back(line_id: int) -> ResponseReturnValue:
    """An old part is on the counter."""
    line = queries.get_line(g.branch.id, line_id)
    form = forms.CoreForm()

    def act() -> None:
        note = form.note.data or ""
        service.take_back(line, form.quantity_milli, note, by=me(), at=clock.now())

    if form.carry_out(act):
        return _done(gettext("The old part is here. Its deposit can be given back."))
    return _page(form, f"line-{line_id}")


@bp.post("/parts/cores/<int:line_id>/keep")
@requires(Permission.MANAGE_PARTS)
def core_keep(line_id: int) -> ResponseReturnValue:
    """The deposit stays with the shop."""
    line = queries.get_line(g.branch.id, line_id)
    form = forms.CoreForm()

    def act() -> None:
        note = form.note.data or ""
        service.keep(line, form.quantity_milli, note, by=me(), at=clock.now())

    if form.carry_out(act):
        return _done(gettext("The deposit is kept."))
    return _page(form, f"line-{line_id}")


@bp.post("/parts/cores/entries/<int:return_id>/withdraw")
@requires(Permission.PICK_PARTS)
def core_withdraw(return_id: int) -> ResponseReturnValue:
    """An entry was wrong."""
    made = queries.get_return(g.branch.id, return_id)
    form = forms.TakeBackForm()
    if form.carry_out(
        lambda: service.withdraw(made, form.reason.data or "", by=me(), at=clock.now())
    ):
        return _done(gettext("Taken back. The deposit is out again."))
    return _page(form, f"entry-{return_id}")


@bp.post("/parts/cores/suppliers/<int:supplier_id>/<int:part_id>/send")
@requires(Permission.PICK_PARTS)
def core_send(supplier_id: int, part_id: int) -> ResponseReturnValue:
    """Old parts go back to the supplier."""
    supplier, part = suppliers.get_supplier(supplier_id), register.get_part(part_id)
    form = forms.SendForm()

    def act() -> None:
        milli, document = form.quantity_milli, form.document.data or ""
        sending.send(g.branch.id, supplier, part, milli, document, by=me(), at=clock.now())

    if form.carry_out(act):
        return _done(gettext("Sent back to %(name)s.", name=supplier.name))
    return _page(form, f"held-{supplier_id}-{part_id}")


@bp.post("/parts/cores/shipments/<int:shipment_id>/withdraw")
@requires(Permission.PICK_PARTS)
def core_unsend(shipment_id: int) -> ResponseReturnValue:
    """A return that was typed wrong."""
    made = sent.get_shipment(g.branch.id, shipment_id)
    form = forms.TakeBackForm()
    if form.carry_out(lambda: sending.withdraw(made, by=me(), at=clock.now())):
        return _done(gettext("Taken back."))
    return _page(form, f"shipment-{shipment_id}")


@bp.post("/parts/cores/shipments/<int:shipment_id>/credit")
@requires(Permission.MANAGE_PARTS)
def core_credit(shipment_id: int) -> ResponseReturnValue:
    """What the supplier credited."""
    made = sent.get_shipment(g.branch.id, shipment_id)
    form = forms.CreditForm()

    def act() -> None:
        credit_no, reason = form.credit_no.data or "", form.reason.data or ""
        sending.credit(made, form.fen, credit_no, reason, by=me(), at=clock.now())

    if form.carry_out(act):
        return _done(gettext("The credit is written down."))
    return _page(form, f"shipment-{shipment_id}")


@bp.post("/parts/cores/shipments/<int:shipment_id>/uncredit")
@requires(Permission.MANAGE_PARTS)
def core_uncredit(shipment_id: int) -> ResponseReturnValue:
    """A credit that was typed wrong."""
    made = sent.get_shipment(g.branch.id, shipment_id)
    form = forms.TakeBackForm()
    if form.carry_out(lambda: sending.take_credit_back(made, by=me(), at=clock.now())):
        return _done(gettext("Taken back."))
    return _page(form, f"shipment-{shipment_id}")
