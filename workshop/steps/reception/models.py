"""What is kept of the reception: arrivals, the walk-around, and what was found and received."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.orders.models import Attachment, RepairOrder
from workshop.staff.models import User
from workshop.steps.reception.car import zones
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.checks import PayWay
from workshop.steps.reception.rules import CoverKind, OldParts, PhotoOf


class WalkIn(Model):
    """A car that came without an appointment, stamped when it came (step 2 rules)."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    plate: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    arrived_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    # Driven away again before anybody opened an order.
    left_at: Mapped[datetime | None]
    by: Mapped[User] = relationship()


class Walkaround(Model):
    """The walk-around inspection of one order; frozen once it is signed."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    finding: Mapped[str] = mapped_column(sa.Text, default="")
    # Answers of the concern interview by question (5W2H).
    interview: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lamps: Mapped[list[str]] = mapped_column(default=list)
    lamps_note: Mapped[str] = mapped_column(String(200), default="")
    odometer_replaced: Mapped[bool] = mapped_column(default=False)
    # What the odometer showed at the last visit: a typing mistake may be corrected down to it.
    previous_km: Mapped[int | None]
    valuables_asked_at: Mapped[datetime | None]
    valuables_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    items: Mapped[list[str]] = mapped_column(default=list)
    items_note: Mapped[str] = mapped_column(String(200), default="")
    keys: Mapped[int] = mapped_column(default=1)
    papers: Mapped[list[str]] = mapped_column(default=list)
    old_parts: Mapped[OldParts | None]
    wash_wanted: Mapped[bool] = mapped_column(default=True)
    road_test_wanted: Mapped[bool] = mapped_column(default=False)
    pay_way: Mapped[PayWay | None]
    # Judgements of the checks at the car by check: grade and what was measured.
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checks_note: Mapped[str] = mapped_column(String(200), default="")
    # Why the car has no VIN on record, for those that have none.
    no_vin_reason: Mapped[str] = mapped_column(String(200), default="")
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    # The customer would not sign: who of us saw it.
    refused_reason: Mapped[str] = mapped_column(String(200), default="")
    witness_name: Mapped[str] = mapped_column(String(80), default="")
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Grows by one with each signature, so that a paper says which state it shows.
    edition: Mapped[int] = mapped_column(default=0)
    signed_by: Mapped[User | None] = relationship(foreign_keys=signed_by_id)
    valuables_asked_by: Mapped[User | None] = relationship(foreign_keys=valuables_asked_by_id)

    __table_args__ = (CheckConstraint("keys BETWEEN 0 AND 9", name="keys"),)


class WalkaroundSigning(Model):
    """One signature under the walk-around, with what it stood under. Append-only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    edition: Mapped[int]
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    refused_reason: Mapped[str] = mapped_column(String(200), default="")
    witness_name: Mapped[str] = mapped_column(String(80), default="")
    signed_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    snapshot: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("order_id", "edition"),)


class ConcernCorrection(Model):
    """Words that the customer added later; the first ones stay as they were. Append-only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    words: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship()


class ViewCheck(Model):
    """One side of the car was looked at together with the customer."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    view: Mapped[CarView]
    checked_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (UniqueConstraint("order_id", "view"),)


class Cover(Model):
    """A protective cover that was put on."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    kind: Mapped[CoverKind]
    fitted_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (UniqueConstraint("order_id", "kind"),)


class Valuable(Model):
    """Something of value: taken by the customer, or kept by us until the handover."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    kept_by_us: Mapped[bool]
    place: Mapped[str] = mapped_column(String(80), default="")
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    returned_at: Mapped[datetime | None]


class DamageMark(Model):
    """Damage that was there when the car came; x and y are units of the drawn view."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    number: Mapped[int]
    view: Mapped[CarView]
    zone: Mapped[str] = mapped_column(String(40))
    x: Mapped[int]
    y: Mapped[int]
    kind: Mapped[DamageKind]
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    photos: Mapped[list[DamagePhoto]] = relationship(lazy="selectin", order_by="DamagePhoto.id")

    __table_args__ = (UniqueConstraint("order_id", "number"),)

    @property
    def place(self) -> str:
        """The msgid of the place's name."""
        return zones.get_zone(self.zone).label

    @property
    def photo_id(self) -> int | None:
        """The attachment of the first photo."""
        return self.photos[0].attachment_id if self.photos else None


class DamagePhoto(Model):
    """A photo of a damage mark."""

    id: Mapped[intpk]
    mark_id: Mapped[int] = mapped_column(ForeignKey("damage_mark.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    attachment: Mapped[Attachment] = relationship()


class WalkaroundPhoto(Model):
    """A photo of a side of the car, or of its dashboard, as it came."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    subject: Mapped[PhotoOf]
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    attachment: Mapped[Attachment] = relationship()


class RepeatCheck(Model):
    """An earlier visit that this one may repeat, and what the advisor found about it."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    earlier_order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"))
    days: Mapped[int | None]
    km: Mapped[int | None]
    in_guarantee: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[datetime]
    same_complaint: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    earlier_order: Mapped[RepairOrder | None] = relationship(foreign_keys=earlier_order_id)
    decided_by: Mapped[User | None] = relationship()
