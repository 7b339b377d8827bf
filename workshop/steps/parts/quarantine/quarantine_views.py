"""The pages of defective pieces."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import service
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.quarantine.forms import ClaimForm, EndForm
from workshop.stock.quarantine import service as quarantine
from workshop.stock.quarantine.models import Quarantine
from workshop.stock.suppliers import queries as suppliers


@bp.get("/parts/quarantine")
@requires(Permission.PICK_PARTS)
def quarantined() -> ResponseReturnValue:
    """What came back defective, what is claimed for it, and what became of it."""
    return _page()


def _page(
    row_id: int = 0, claim: ClaimForm | None = None, end: EndForm | None = None
) -> ResponseReturnValue:
    claim = claim or ClaimForm(formdata=None)
    end = end or EndForm(formdata=None)
    claim.offer(suppliers.list_suppliers())
    branch_id = me().branch_id
    return web.page(
        "parts/quarantine.html",
        max(claim.status, end.status),
        rows=quarantine.list_open(branch_id),
        over=quarantine.list_over(branch_id),
        order_of=_order_of,
        claim=claim,
        end=end,
        form_of=row_id,
    )


def _order_of(row: Quarantine) -> RepairOrder | None:
    return session.get(RepairOrder, row.order_id) if row.order_id else None


@bp.post("/parts/quarantine/<int:row_id>/claim")
@requires(Permission.PICK_PARTS)
def claim_defective(row_id: int) -> ResponseReturnValue:
    """The supplier was asked to make them good."""
    row = quarantine.get_row(me().branch_id, row_id)
    form = ClaimForm()
    form.offer(suppliers.list_suppliers())

    def act() -> None:
        supplier = suppliers.get_supplier(form.supplier_id.data)
        number = form.claim_no.data or ""
        quarantine.claim(row, supplier, number, by=me(), at=clock.now())

    if form.carry_out(act):
        return redirect(url_for(".quarantined"))
    return _page(row_id, claim=form)


@bp.post("/parts/quarantine/<int:row_id>/end")
@requires(Permission.PICK_PARTS)
def end_quarantine(row_id: int) -> ResponseReturnValue:
    """Say what became of them; what was found good goes to the orders that wait for it."""
    row = quarantine.get_row(me().branch_id, row_id)
    form = EndForm()

    def act() -> None:
        now = clock.now()
        quarantine.end(row, form.end, form.note.data or "", by=me(), at=now)
        service.take_arrivals(row.part, row.branch_id, now)

    if form.carry_out(act):
        flash(gettext("Saved."), "good")
        return redirect(url_for(".quarantined"))
    return _page(row_id, end=form)
