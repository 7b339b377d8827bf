"""Old parts go back to the supplier, and it credits the deposit; both can be taken back."""

from __future__ import annotations

from datetime import datetime

from workshop import db, money
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import shelf
from workshop.stock.cores import queries
from workshop.stock.cores.models import CoreShipment
from workshop.stock.models import Part
from workshop.stock.suppliers.models import Supplier


def send(
    branch_id: int,
    supplier: Supplier,
    part: Part,
    quantity_milli: int,
    document: str,
    *,
    by: User,
    at: datetime,
) -> CoreShipment:
    """Send old parts back, with the number of the return note.

    Raises RuleBroken for more than the supplier holds a deposit for, Invalid without a number.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    shelf.require_positive(quantity_milli)
    if not document.strip():
        raise Invalid(N_("Enter the number of the return note."), field="document")
    shelf.lock_parts([part.id])
    held = queries.find_held(branch_id, supplier, part)
    if held is None or quantity_milli > held.milli:
        raise RuleBroken(
            N_("%(supplier)s holds a deposit for %(most)s %(unit)s of %(part)s only."),
            code="not_held",
            field="quantity",
            supplier=supplier.name,
            most=shelf.plain(held.milli) if held else "0",
            unit=part.unit,
            part=part.no,
        )
    made = CoreShipment(
        branch_id=branch_id,
        supplier_id=supplier.id,
        part_id=part.id,
        quantity_milli=quantity_milli,
        due_fen=held.due_fen(quantity_milli),
        document=document.strip()[:50],
        sent_at=at,
        sent_by_id=by.id,
    )
    session.add(made)
    session.flush()
    told = {"supplier": supplier.name, "quantity_milli": quantity_milli, "fen": made.due_fen}
    audit.write(by, "stock.send_cores", made, at, **told)
    return made


def withdraw(shipment: CoreShipment, *, by: User, at: datetime) -> None:
    """A shipment that was typed wrong counts no more. RuleBroken once it is credited."""
    staff.require_permission(by, Permission.PICK_PARTS)
    _lock(shipment)
    if shipment.credited_at is not None:
        raise RuleBroken(
            N_("The supplier has credited it. Take the credit back first."),
            code="credited",
            way=Way("parts.cores", N_("Open the old parts")),
        )
    if shipment.withdrawn_at is None:
        shipment.withdrawn_at = at
        audit.write(by, "stock.unsend_cores", shipment, at, no=shipment.document)
        session.flush()


def credit(
    shipment: CoreShipment, fen: int, credit_no: str, reason: str = "", *, by: User, at: datetime
) -> None:
    """The supplier gives the deposit back: all of it, or less for a reason that is written down.

    Raises Invalid for more than the deposit, without a number, or for less without a reason.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    _lock(shipment)
    if not shipment.is_waiting:
        raise RuleBroken(N_("This return is answered already."), code="answered")
    if not 0 <= fen <= shipment.due_fen:
        most = money.format_fen(shipment.due_fen)
        raise Invalid(N_("Between nothing and %(most)s."), field="credited", most=most)
    if not credit_no.strip():
        raise Invalid(N_("Enter the number of the credit note."), field="credit_no")
    if fen < shipment.due_fen and not reason.strip():
        raise Invalid(N_("Say why the supplier gives less back."), field="reason")
    shipment.credited_fen, shipment.credited_at, shipment.credited_by_id = fen, at, by.id
    shipment.credit_no, shipment.reason = credit_no.strip()[:50], reason.strip()[:200]
    said = {"no": shipment.credit_no, "fen": fen, "reason": shipment.reason}
    audit.write(by, "stock.credit_cores", shipment, at, **said)
    session.flush()


def take_credit_back(shipment: CoreShipment, *, by: User, at: datetime) -> None:
    """A credit that was typed wrong: the return waits for its answer again."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    _lock(shipment)
    if shipment.credited_at is None:
        raise RuleBroken(N_("Nothing is credited yet."), code="not_credited")
    was = {"no": shipment.credit_no, "fen": shipment.credited_fen}
    shipment.credited_fen = shipment.credited_at = shipment.credited_by_id = None
    shipment.credit_no = shipment.reason = ""
    audit.write(by, "stock.uncredit_cores", shipment, at, was=was)
    session.flush()


def _lock(shipment: CoreShipment) -> None:
    shelf.lock_parts([shipment.part_id])
    db.reread(shipment)
