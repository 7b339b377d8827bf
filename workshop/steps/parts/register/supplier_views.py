"""Who sells parts to the shop."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.register import sheets
from workshop.steps.parts.register.supplier_forms import SupplierForm
from workshop.stock.suppliers import queries
from workshop.stock.suppliers import service as supplying
from workshop.stock.suppliers.models import Supplier
from workshop.web import versions

_ANY = (Permission.PICK_PARTS, Permission.MANAGE_PARTS)


@bp.get("/parts/suppliers")
@requires(*_ANY)
def list_suppliers() -> ResponseReturnValue:
    """All suppliers, the retired last."""
    asked = access.asked()
    found = sheets.list_suppliers(asked)
    return web.page("parts/suppliers.html", text=asked.text, suppliers=found)


@bp.get("/parts/suppliers/new")
@requires(Permission.MANAGE_PARTS)
def new_supplier() -> ResponseReturnValue:
    """The form for another supplier."""
    return _page(None, SupplierForm(formdata=None))


@bp.post("/parts/suppliers/new")
@requires(Permission.MANAGE_PARTS)
def make_supplier() -> ResponseReturnValue:
    """Add the supplier."""
    form = SupplierForm()
    if form.carry_out(lambda: supplying.make(form.values(), by=me(), at=clock.now())):
        flash(gettext("Saved."), "good")
        return redirect(url_for(".list_suppliers"))
    return _page(None, form)


@bp.get("/parts/suppliers/<int:supplier_id>")
@requires(*_ANY)
def supplier(supplier_id: int) -> ResponseReturnValue:
    """One supplier with what it sells us."""
    found = queries.get_supplier(supplier_id)
    seen = versions.mark(supplying.state_of(supplying.particulars_of(found)))
    return _page(found, SupplierForm.of(found, seen))


def _page(found: Supplier | None, form: SupplierForm) -> ResponseReturnValue:
    return web.page(
        "parts/supplier.html",
        form.status,
        supplier=found,
        can_retire=found is not None and me().may(Permission.MANAGE_PARTS),
        form=form,
        offers=queries.list_offers(found) if found else [],
    )


@bp.post("/parts/suppliers/<int:supplier_id>")
@requires(Permission.MANAGE_PARTS)
def change_supplier(supplier_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    found = queries.get_supplier(supplier_id)
    form = SupplierForm()
    seen = form.seen.data
    if form.carry_out(
        lambda: supplying.change(found, form.values(), seen=seen, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for(".supplier", supplier_id=supplier_id))
    return _page(queries.get_supplier(supplier_id), form)


@bp.post("/parts/suppliers/<int:supplier_id>/use")
@requires(Permission.MANAGE_PARTS)
def use_supplier(supplier_id: int) -> ResponseReturnValue:
    """Out of use, or into use again."""
    found = queries.get_supplier(supplier_id)
    supplying.use(found, not found.active, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for(".supplier", supplier_id=supplier_id))
