"""The rows that a part is made of: itself, its place on the shelf, its price, who sells it."""

from __future__ import annotations

from datetime import date
from typing import Any

from workshop.errors import N_
from workshop.setup.imports.kind import AT, BY, Put, Ref, Row
from workshop.stock.models import PartClass, StockMove

OPENING_STOCK = N_("Opening stock")
_NEW_PRICE = N_("From a file")

Of = Ref | tuple[str, int]


def make(
    row: Row, no: str, price_fen: int, branch_id: int, supplier: int | Ref | None
) -> tuple[Put, ...]:
    """A new part with all that the row says of it; `no` is its number as it is looked for."""
    values, ref = row.values, Ref(f"part:{no}")
    part = Put(
        "part",
        {
            "no": values["no"],
            "search_no": no,
            "name_zh": values["name_zh"],
            "name_en": values.get("name_en") or values["name_zh"],
            "part_class": values.get("part_class", PartClass.AFTERMARKET),
            "choice_group": None,
            "brand": values.get("brand", ""),
            "oe_no": values.get("oe_no", ""),
            "barcode": values.get("barcode", "").upper(),
            "unit": values.get("unit", "件"),
            "fits": values.get("fits", ""),
            "price_fen": price_fen,
            "cost_fen": values.get("cost_fen"),
            "is_marked_up": "price_fen" not in values,
            "core_deposit_fen": None,
            "tax_basis_points": None,
            "successor_id": None,
        },
        ref=ref.name,
    )
    on_shelf = put_on_shelf(row, row.get("stock_milli", 0), branch_id, ref, ref)
    offers = offer(row, ref, supplier, ref) if supplier is not None else ()
    return (part, *on_shelf, *offers)


def put_on_shelf(row: Row, milli: int, branch_id: int, part: Any, of: Of) -> tuple[Put, ...]:
    """Its first place on the shelf with so many thousandths of its unit, if the row says any."""
    if not (milli or row.get("bin") or row.get("minimum_milli")):
        return ()
    level = Put(
        "stock_level",
        {
            "branch_id": branch_id,
            "part_id": part,
            "bin": row.get("bin", ""),
            "on_hand_milli": milli,
            "minimum_milli": row.get("minimum_milli", 0),
        },
        part_of=of,
    )
    return (level, entry(branch_id, part, milli, of)) if milli else (level,)


def entry(branch_id: int, part: Any, milli: int, of: Of) -> Put:
    """The line of the ledger by which the opening stock came."""
    values = {
        "branch_id": branch_id,
        "part_id": part,
        "move": StockMove.RECEIPT,
        "quantity_milli": milli,
        "order_id": None,
        "origin": OPENING_STOCK,
        "at": AT,
        "by_id": BY,
    }
    return Put("stock_entry", values, part_of=of)


def price(part_id: int, price_fen: int, day: date) -> Put:
    """The price of a part that is there, from a day on."""
    values = {
        "part_id": part_id,
        "valid_from": day,
        "price_fen": price_fen,
        "reason": _NEW_PRICE,
        "takes_back_id": None,
        "at": AT,
        "by_id": BY,
    }
    return Put("part_price", values, part_of=("part", part_id))


def offer(row: Row, part: Any, supplier: int | Ref, of: Of) -> tuple[Put, ...]:
    """Who sells the part; a supplier that nobody knows yet is made, once for all rows."""
    values = {
        "part_id": part,
        "supplier_id": supplier,
        "cost_fen": row.get("cost_fen"),
        "lead_days": None,
    }
    tie = Put("part_supplier", values, part_of=of)
    return (make_supplier(row.values["supplier"], supplier), tie) if _is_new(supplier) else (tie,)


def _is_new(supplier: int | Ref) -> bool:
    return isinstance(supplier, Ref)


def supplier_ref(name: str) -> Ref:
    """Stands for a supplier that is made; the name in small letters."""
    return Ref(f"supplier:{name}")


def make_supplier(name: str, ref: Any, **more: Any) -> Put:
    """A new supplier; what is not said of it is as usual."""
    values = {
        "name": name,
        "cut_off": None,
        "invoice_basis_points": None,
        "made_at": AT,
        "made_by_id": BY,
        **more,
    }
    return Put("supplier", values, ref=ref.name)
