"""What every step may ask of the spine: orders, promises, attachments, versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop import db, events
from workshop.customers.contacts import queries as contacts
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, NotFound, RuleBroken
from workshop.orders import pictures
from workshop.orders.flow import OPEN, Action, Stage, permits
from workshop.orders.models import (
    Attachment,
    AttachmentKind,
    OrderChanged,
    OrderKind,
    PromiseChange,
    RepairOrder,
    StageChange,
)
from workshop.shop import numbers
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

PREFIX = "RO"
"""How the number of a repair order begins."""


def find_order(no: str) -> RepairOrder | None:
    """The order of this number."""
    return session.scalars(select(RepairOrder).where(RepairOrder.no == no)).one_or_none()


def get_order(no: str, branch_id: int | None = None) -> RepairOrder:
    """The order of this number, in this branch if one is given; raises NotFound."""
    order = find_order(no)
    if order is None or (branch_id is not None and order.branch_id != branch_id):
        raise NotFound(N_("There is no repair order %(no)s."), no=no)
    return order


def open_order(
    vehicle: Vehicle,
    customer: Customer,
    advisor: User,
    branch: Branch,
    *,
    concern: str,
    is_walk_in: bool,
    arrived_at: datetime,
    day: Any,
    by: User,
    at: datetime,
    kind: OrderKind = OrderKind.REPAIR,
    bringer_name: str = "",
    bringer_phone: str = "",
) -> RepairOrder:
    """Open a repair order in reception. `day` is the shop's local date, for the number.

    Raises RuleBroken when the vehicle already has an open order.
    """
    db.lock("vehicle", vehicle.id)
    refuse_second_open_order(vehicle)
    brings = contacts.complete(customer, vehicle, bringer_name, bringer_phone)
    order = RepairOrder(
        branch_id=branch.id,
        no=numbers.next_number(branch.id, PREFIX, day),
        kind=kind,
        stage=Stage.RECEPTION,
        vehicle_id=vehicle.id,
        customer_id=customer.id,
        advisor_id=advisor.id,
        bringer_name=brings.name,
        bringer_phone=brings.phone,
        is_walk_in=is_walk_in,
        concern=concern,
        arrived_at=arrived_at,
        created_at=at,
    )
    session.add(order)
    session.flush()
    session.add(StageChange(order_id=order.id, to_stage=Stage.RECEPTION, at=at, by_id=by.id))
    audit.write(by, "orders.open", order, at)
    events.record(OrderChanged(order.id, order.branch_id, at))
    return order


def refuse_second_open_order(vehicle: Vehicle) -> None:
    """Raise RuleBroken when the vehicle is already on the premises under another order."""
    query = select(RepairOrder.no).where(
        RepairOrder.vehicle_id == vehicle.id, RepairOrder.stage.in_(OPEN)
    )
    no = session.scalar(query)
    if no is not None:
        raise RuleBroken(
            N_("This vehicle already has the open repair order %(no)s."), code="open_order", no=no
        )


def lock(order: RepairOrder) -> None:
    """Let this transaction alone change the order until it ends, and see it as it is now."""
    db.lock("order", order.id)
    db.reread(order)


def require_stage(order: RepairOrder, action: Action) -> None:
    """Raise RuleBroken unless the order's stage permits the action."""
    if not permits(order.stage, action):
        raise RuleBroken(
            N_("“%(action)s” is not possible while the order is “%(stage)s”."),
            code="stage",
            action=action,
            stage=order.stage,
        )


def check_version(order: RepairOrder, seen_version: int, yours: Mapping[str, Any]) -> None:
    """Raise Conflict, with both versions of the named attributes, when the page was stale."""
    if order.version != seen_version:
        raise stale(order, yours)


def stale(
    record: Any, yours: Mapping[str, Any], labels: Mapping[str, str] | None = None
) -> Conflict:
    """The conflict between what `record` holds now and what somebody wanted to write.

    `labels` are the msgids by which people know the attributes; then only those that differ count.
    """
    theirs = {name: getattr(record, name, None) for name in yours}
    if labels is not None:
        differ = [name for name in yours if theirs[name] != yours[name]]
        theirs = {labels[name]: theirs[name] for name in differ}
        yours = {labels[name]: yours[name] for name in differ}
    return Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs=theirs,
        yours=yours,
        version=record.version,
    )


def promise(order: RepairOrder, promised_at: datetime) -> None:
    """Set the first promise; it is kept for ever beside later ones."""
    order.first_promised_at = promised_at
    order.promised_at = promised_at


def change_promise(
    order: RepairOrder,
    promised_at: datetime,
    *,
    reason: str,
    told_how: str,
    by: User,
    at: datetime,
) -> PromiseChange:
    """Revise the promise; only the advisor, with a reason and the customer told (step 5 rules)."""
    staff.require_permission(by, Permission.CHANGE_TIME)
    return follow_promise(order, promised_at, reason=reason, told_how=told_how, by=by, at=at)


def follow_promise(
    order: RepairOrder,
    promised_at: datetime,
    *,
    reason: str,
    told_how: str,
    by: User,
    at: datetime,
) -> PromiseChange:
    """Let the promise follow what the customer has agreed to, whoever wrote that down."""
    require_stage(order, Action.CHANGE_PROMISE)
    if not reason.strip():
        raise Invalid(N_("Say why the promised time changes."), field="reason")
    if not told_how.strip():
        raise Invalid(N_("Say how the customer was told."), field="told_how")
    if promised_at <= at:
        raise Invalid(N_("The promised time must be in the future."), field="promised_at")
    change = PromiseChange(
        order_id=order.id,
        old_at=order.promised_at,
        new_at=promised_at,
        reason=reason.strip(),
        told_how=told_how.strip(),
        at=at,
        by_id=by.id,
    )
    session.add(change)
    order.promised_at = promised_at
    was = change.old_at.isoformat() if change.old_at else None
    times = {"was": was, "now": promised_at.isoformat()}
    audit.write(by, "orders.change_promise", order, at, reason=reason, **times)
    events.record(OrderChanged(order.id, order.branch_id, at))
    return change


def add_attachment(
    order: RepairOrder,
    data: bytes,
    kind: AttachmentKind,
    *,
    at: datetime,
    by: User | None,
    caption: str = "",
) -> Attachment:
    """Keep a picture: an image by its content, upright, at most 1600 px, without location data.

    Raises Invalid when it is too large or no picture, and for a signature without enough ink.
    """
    clean, mime = pictures.clean(data, is_signature=kind is AttachmentKind.SIGNATURE)
    attachment = Attachment(
        order_id=order.id,
        kind=kind,
        mime=mime,
        sha256=hashlib.sha256(clean).hexdigest(),
        caption=caption,
        data=clean,
        at=at,
        by_id=by.id if by else None,
    )
    session.add(attachment)
    session.flush()
    return attachment


def get_attachment(attachment_id: int, branch_id: int) -> Attachment:
    """The attachment of an order of this branch; raises NotFound."""
    attachment = session.get(Attachment, attachment_id)
    order = session.get(RepairOrder, attachment.order_id) if attachment else None
    if attachment is None or order is None or order.branch_id != branch_id:
        raise NotFound(N_("There is no such picture."))
    return attachment


def list_changes(order: RepairOrder) -> list[StageChange]:
    """All moves of the order, oldest first."""
    query = select(StageChange).where(StageChange.order_id == order.id).order_by(StageChange.id)
    return list(session.scalars(query))


def announce(order: RepairOrder, at: datetime) -> None:
    """Let every screen know that something of the order has changed."""
    events.record(OrderChanged(order.id, order.branch_id, at))
