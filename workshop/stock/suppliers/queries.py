"""Finding suppliers, and who sells a part."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock.models import Part
from workshop.stock.suppliers.models import PartSupplier, Supplier


def get_supplier(supplier_id: int) -> Supplier:
    """The supplier; raises NotFound."""
    supplier = session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound(N_("There is no such supplier."))
    return supplier


def find_supplier(name: str) -> Supplier | None:
    """The supplier of this name, however its letters were typed."""
    query = select(Supplier).where(sa.func.lower(Supplier.name) == name.strip().lower())
    return session.scalars(query).first()


def list_suppliers(text: str = "", *, only_active: bool = False) -> list[Supplier]:
    """Suppliers in which every word occurs, the retired last."""
    query = select(Supplier)
    for word in text.split():
        columns = (Supplier.name, Supplier.contact, Supplier.phone)
        query = query.where(
            sa.or_(*(sa.func.lower(c).contains(word.lower(), autoescape=True) for c in columns))
        )
    if only_active:
        query = query.where(Supplier.active.is_(True))
    return list(session.scalars(query.order_by(Supplier.active.desc(), Supplier.name)))


def list_of_part(part: Part) -> list[PartSupplier]:
    """Who sells the part, the cheapest first; who names no cost comes last."""
    return together.list_of(part.id, "sellers", _cheapest_first, PartSupplier.part_id)


def _cheapest_first() -> sa.Select[PartSupplier]:
    dear = sa.func.coalesce(PartSupplier.cost_fen, 2**31 - 1)
    return select(PartSupplier).order_by(dear, PartSupplier.id)


def find_offer(part: Part, supplier: Supplier) -> PartSupplier | None:
    """The part as this supplier sells it."""
    query = select(PartSupplier).where(
        PartSupplier.part_id == part.id, PartSupplier.supplier_id == supplier.id
    )
    return session.scalars(query).one_or_none()


def list_offers(supplier: Supplier) -> list[PartSupplier]:
    """What a supplier sells us, by part number."""
    query = select(PartSupplier).join(Part, Part.id == PartSupplier.part_id)
    return list(
        session.scalars(
            query.where(PartSupplier.supplier_id == supplier.id).order_by(Part.no).limit(200)
        )
    )
