"""Suppliers are made, changed and retired; a part is tied to those who sell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime, time
from typing import Any

from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock.models import Part
from workshop.stock.suppliers import queries
from workshop.stock.suppliers.models import PartSupplier, Supplier, SupplierKind
from workshop.web import versions
from workshop.web.versions import State

MOST_DAYS = 365


@dataclass(frozen=True)
class Particulars:
    """What is known of a supplier; money in fen, tax in basis points, days as days."""

    name: str
    kind: SupplierKind = SupplierKind.DEALER
    contact: str = ""
    phone: str = ""
    tax_no: str = ""
    lead_days: int = 1
    cut_off: time | None = None
    minimum_order_fen: int = 0
    terms_days: int = 0
    returns_days: int = 0
    invoice_basis_points: int | None = None


LABELS = {
    "name": N_("Supplier"),
    "kind": N_("Kind"),
    "contact": N_("Contact"),
    "phone": N_("Phone"),
    "tax_no": N_("Tax number"),
    "lead_days": N_("Lead time in days"),
    "cut_off": N_("Order until"),
    "minimum_order_fen": N_("Minimum order"),
    "terms_days": N_("Days until payment"),
    "returns_days": N_("Days for returns"),
    "invoice_basis_points": N_("Tax on its invoices (percent)"),
}
"""What people call a supplier's values."""


def particulars_of(supplier: Supplier) -> Particulars:
    """The particulars as they are kept."""
    return Particulars(**{each.name: getattr(supplier, each.name) for each in fields(Particulars)})


def state_of(values: Particulars) -> State:
    """What people see of them, to notice a stale page."""
    return {LABELS[name]: value for name, value in asdict(values).items()}


def make(values: Particulars, *, by: User, at: datetime) -> Supplier:
    """Add a supplier. Raises Invalid without a name, or with one that is known already."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    _check(values, None)
    supplier = Supplier(made_at=at, made_by_id=by.id, **_plain(values))
    session.add(supplier)
    audit.write(by, "stock.make_supplier", supplier, at, name=supplier.name)
    session.flush()
    return supplier


def change(
    supplier: Supplier, values: Particulars, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Change what is known of a supplier. Raises what `make` raises, Conflict when stale."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    versions.refuse_stale(seen, state_of(particulars_of(supplier)), state_of(values))
    _check(values, supplier)
    changed: dict[str, Any] = {}
    was: dict[str, Any] = {}
    for name, new in _plain(values).items():
        old = getattr(supplier, name)
        if new != old:
            changed[name], was[name] = _told(new), _told(old)
            setattr(supplier, name, new)
    audit.write(by, "stock.change_supplier", supplier, at, **changed, was=was)
    session.flush()


def _plain(values: Particulars) -> dict[str, Any]:
    return {k: v.strip() if isinstance(v, str) else v for k, v in asdict(values).items()}


def _told(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat()
    return getattr(value, "value", value)


def _check(values: Particulars, supplier: Supplier | None) -> None:
    if not values.name.strip():
        raise Invalid(N_("Enter the supplier's name."), field="name")
    known = queries.find_supplier(values.name)
    if known is not None and known is not supplier:
        raise Invalid(N_("There is a supplier %(name)s already."), field="name", name=known.name)
    for name in ("lead_days", "terms_days", "returns_days"):
        if not 0 <= getattr(values, name) <= MOST_DAYS:
            raise Invalid(
                N_("Between %(least)s and %(most)s."), field=name, least=0, most=MOST_DAYS
            )
    if values.minimum_order_fen < 0:
        raise Invalid(N_("An amount cannot be negative."), field="minimum_order")
    tax = values.invoice_basis_points
    if tax is not None and not 0 <= tax <= 10_000:
        raise Invalid(N_("Between %(least)s and %(most)s."), field="invoice_tax", least=0, most=100)


def use(supplier: Supplier, active: bool, *, by: User, at: datetime) -> None:
    """Retire a supplier, or take it into use again; what was bought stays as it was."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    was, supplier.active = supplier.active, active
    audit.write(by, "stock.use_supplier", supplier, at, active=active, was=was)
    session.flush()


def tie(
    part: Part,
    supplier: Supplier,
    their_no: str,
    cost_fen: int | None,
    lead_days: int | None,
    *,
    by: User,
    at: datetime,
) -> PartSupplier:
    """Say that the supplier sells the part, under which number, at what cost of a unit in fen."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    if cost_fen is not None and cost_fen < 0:
        raise Invalid(N_("A cost cannot be negative."), field="cost")
    if lead_days is not None and not 0 <= lead_days <= MOST_DAYS:
        raise Invalid(
            N_("Between %(least)s and %(most)s."), field="lead_days", least=0, most=MOST_DAYS
        )
    offer = queries.find_offer(part, supplier)
    was = None
    if offer is None:
        offer = PartSupplier(part_id=part.id, supplier_id=supplier.id)
        session.add(offer)
    else:
        was = [offer.their_no, offer.cost_fen, offer.lead_days]
    offer.their_no, offer.cost_fen, offer.lead_days = their_no.strip(), cost_fen, lead_days
    told = {"supplier": supplier.name, "now": [offer.their_no, cost_fen, lead_days], "was": was}
    audit.write(by, "stock.tie_supplier", part, at, **told)
    session.flush()
    return offer


def untie(offer: PartSupplier, *, by: User, at: datetime) -> None:
    """The supplier sells the part no more; receipts keep who delivered."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    was = [offer.their_no, offer.cost_fen, offer.lead_days]
    audit.write(by, "stock.untie_supplier", offer.part, at, supplier=offer.supplier.name, was=was)
    session.delete(offer)
    session.flush()
