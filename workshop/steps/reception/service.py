"""The reception as a whole: opening the order, the signature, reopening, cancelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.customers import rules as customer_rules
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.orders.signed import names as signed
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import Appointment, AppointmentKind
from workshop.steps.reception import gates, queries, repeat
from workshop.steps.reception.models import Walkaround, WalkaroundSigning, WalkIn
from workshop.web import versions

NO_CONCERN = N_("Write down the concern in the customer's words.")


def receive(
    vehicle: Vehicle,
    customer: Customer,
    *,
    concern: str,
    branch: Branch,
    by: User,
    at: datetime,
    appointment: Appointment | None = None,
    walk_in: WalkIn | None = None,
    advisor: User | None = None,
    bringer_name: str = "",
    bringer_phone: str = "",
    stays: bool | None = None,
) -> RepairOrder:
    """Greet the customer and open the repair order; the concern is kept word for word.

    The arrival is the stamped one, the greeting is `at`. The appointment is converted in the same
    transaction, and the repeat-repair look-up is made at once. Raises Invalid without a concern,
    RuleBroken when the car already has an open order or the appointment is not to be received.
    """
    staff.require_permission(by, Permission.RECEIVE)
    if not concern.strip():
        raise Invalid(NO_CONCERN, field="concern")
    if walk_in is not None:
        _refuse_used(walk_in)
    order = orders.open_order(
        vehicle,
        customer,
        advisor or (appointment.advisor if appointment else by),
        branch,
        concern=concern.strip(),
        is_walk_in=appointment is None,
        arrived_at=_arrival(appointment, walk_in) or at,
        day=calendar.local_day(branch, at),
        by=by,
        at=at,
        bringer_name=bringer_name.strip(),
        bringer_phone=_phone(bringer_phone),
    )
    order.greeted_at = at
    order.stays = stays if stays is not None else appointment.stays if appointment else None
    session.add(Walkaround(order_id=order.id, previous_km=vehicle.mileage_km))
    if appointment is not None:
        booking.convert(appointment, order, by, at)
    if walk_in is not None:
        walk_in.order_id = order.id
    is_comeback = appointment is not None and appointment.kind is AppointmentKind.COMEBACK
    repeat.look_up(order, by=by, at=at, booked_as_comeback=is_comeback)
    session.flush()
    return order


def _phone(bringer_phone: str) -> str:
    if not bringer_phone.strip():
        return ""
    return customer_rules.normalise_phone(bringer_phone, field="bringer_phone")


def _arrival(appointment: Appointment | None, walk_in: WalkIn | None) -> datetime | None:
    stamped = [each.arrived_at for each in (appointment, walk_in) if each is not None]
    return next((at for at in stamped if at is not None), None)


def _refuse_used(walk_in: WalkIn) -> None:
    if walk_in.order_id is not None or walk_in.left_at is not None:
        raise RuleBroken(N_("This car is already in reception."), code="received")


@dataclass(frozen=True)
class Signature:
    """Who signs, and the ink; or why the customer would not, and who of us saw it."""

    name: str = ""
    png: bytes | None = None
    refused_reason: str = ""
    witness_name: str = ""


def sign(
    order: RepairOrder,
    signature: Signature,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> Walkaround:
    """Freeze the walk-around under the customer's signature and go on to the quotation.

    `seen` is the mark of the sheet that the customer was shown. Raises RuleBroken naming what is
    missing, Conflict when the sheet is another one now, Invalid without a signature — a refusal to
    sign needs a reason and a witness (step 2 rules).
    """
    staff.require_permission(by, Permission.RECEIVE)
    orders.lock(order)
    orders.require_stage(order, Action.EDIT_RECEPTION)
    require(gates.missing_to_sign(order))
    walkaround = get_walkaround(order)
    if seen and seen != mark_of_sheet(order, walkaround):
        raise Conflict(
            N_("Somebody else changed the walk-around meanwhile. Look at it again, then sign."),
            version=mark_of_sheet(order, walkaround),
        )
    _check_signature(signature)
    walkaround.signature_id = _keep_ink(order, signature, by, at)
    walkaround.signer_name = signature.name.strip()
    walkaround.refused_reason = signature.refused_reason.strip()
    walkaround.witness_name = signature.witness_name.strip()
    walkaround.signed_at, walkaround.signed_by_id = at, by.id
    signed.keep(order, at)
    walkaround.edition += 1
    session.add(_signing(order, walkaround, by, at))
    order.move_to(Stage.INSPECTED, by, at)
    audit.write(by, "reception.sign", order, at, edition=walkaround.edition)
    return walkaround


def _check_signature(signature: Signature) -> None:
    if signature.refused_reason.strip():
        if not signature.witness_name.strip():
            raise Invalid(
                N_("Name the colleague who saw that the customer would not sign."),
                field="witness_name",
            )
    elif signature.png is None and not signature.name.strip():
        raise Invalid(
            N_("The customer signs here, by drawing or by typing the name."), field="signature"
        )


def _keep_ink(order: RepairOrder, signature: Signature, by: User, at: datetime) -> int | None:
    if signature.png is None or signature.refused_reason.strip():
        return None
    kept = orders.add_attachment(
        order, signature.png, AttachmentKind.SIGNATURE, at=at, by=by, caption=signature.name
    )
    return kept.id


def _signing(
    order: RepairOrder, walkaround: Walkaround, by: User, at: datetime
) -> WalkaroundSigning:
    return WalkaroundSigning(
        order_id=order.id,
        edition=walkaround.edition,
        signature_id=walkaround.signature_id,
        signer_name=walkaround.signer_name,
        refused_reason=walkaround.refused_reason,
        witness_name=walkaround.witness_name,
        signed_at=at,
        by_id=by.id,
        snapshot=_snapshot(order, walkaround),
    )


def mark_of_sheet(order: RepairOrder, walkaround: Walkaround) -> str:
    """A short mark of all that the customer signs."""
    return versions.mark(_snapshot(order, walkaround))


def _snapshot(order: RepairOrder, walkaround: Walkaround) -> dict[str, Any]:
    """What the signature stands under, as plain values."""
    return {
        "concern": order.concern,
        "corrections": [each.words for each in queries.list_corrections(order)],
        "finding": walkaround.finding,
        "interview": walkaround.interview,
        "vin": order.vehicle.vin,
        "no_vin_reason": walkaround.no_vin_reason,
        "mileage_km": order.mileage_km,
        "odometer_replaced": walkaround.odometer_replaced,
        "energy_percent": order.energy_percent,
        "lamps": walkaround.lamps,
        "items": walkaround.items,
        "checks": walkaround.checks,
        "checks_note": walkaround.checks_note,
        "keys": walkaround.keys,
        "papers": walkaround.papers,
        "covers": [kind.value for kind in queries.covers(order)],
        "valuables": [[each.title, each.kept_by_us] for each in queries.list_valuables(order)],
        "photos": [
            [each.subject.value, each.attachment_id] for each in queries.list_car_photos(order)
        ],
        "damage": [
            [mark.number, mark.zone, mark.x, mark.y, mark.kind.value, mark.note]
            for mark in queries.list_damage(order)
        ],
    }


def reopen(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """Take the signed walk-around up again; it needs a new signature afterwards.

    The earlier signature stays in the history. Raises Invalid without a reason, RuleBroken once
    the quotation was offered.
    """
    staff.require_permission(by, Permission.RECEIVE)
    if not reason.strip():
        raise Invalid(N_("Say why the reception is reopened."), field="reason")
    order.move_to(Stage.RECEPTION, by, at, reason.strip())
    walkaround = get_walkaround(order)
    walkaround.signature_id = walkaround.signed_by_id = walkaround.signed_at = None
    walkaround.signer_name = walkaround.refused_reason = walkaround.witness_name = ""
    audit.write(by, "reception.reopen", order, at, reason=reason.strip())


def get_walkaround(order: RepairOrder) -> Walkaround:
    """The walk-around of the order; one that came in another way gets an empty one."""
    walkaround = queries.find_walkaround(order)
    if walkaround is None:
        walkaround = Walkaround(order_id=order.id, previous_km=order.vehicle.mileage_km)
        session.add(walkaround)
        session.flush()
    return walkaround
