"""The appointment: who comes when, with which wish, and what became of it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.models import Operation
from workshop.customers.models import Channel, Customer, Vehicle
from workshop.db import Model, intpk, partial_index, present
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.shop.models import Branch, Technician
from workshop.staff.models import User
from workshop.steps.booking.rules import (
    EXPECTED,
    HOLDS_SLOT,
    NOT_RECEIVED,
    AppointmentStatus,
    Arrival,
    classify_arrival,
)
from workshop.storage.conditions import one_of


class AppointmentKind(LabelledEnum):
    """What sort of visit it will be."""

    MAINTENANCE = "maintenance", N_("Scheduled maintenance")
    REPAIR = "repair", N_("General repair")
    DIAGNOSIS = "diagnosis", N_("Diagnosis")
    BODY = "body", N_("Body & paint")
    RECALL = "recall", N_("Recall")
    COMEBACK = "comeback", N_("Comeback")
    OTHER = "other", N_("Other visit")


class AppointmentSource(LabelledEnum):
    """Where the appointment came from."""

    PHONE = "phone", N_("Phone")
    WECHAT = "wechat", N_("WeChat")
    WEBSITE = "website", N_("Website")
    COUNTER = "counter", N_("At the counter")
    PROACTIVE = "proactive", N_("Proactive contact")
    MANUFACTURER = "manufacturer", N_("Manufacturer's platform")


_HOLDS = one_of("status", HOLDS_SLOT)
_TO_COME = one_of("status", NOT_RECEIVED)


class Appointment(Model):
    """One booked arrival of one vehicle. A changed time is a new one that replaces it."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    no: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    slot_at: Mapped[datetime]
    # The shop's local day of the slot.
    day: Mapped[date]
    concern: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[AppointmentStatus] = mapped_column(default=AppointmentStatus.REQUESTED)
    kind: Mapped[AppointmentKind] = mapped_column(default=AppointmentKind.REPAIR)
    source: Mapped[AppointmentSource] = mapped_column(default=AppointmentSource.PHONE)
    stays: Mapped[bool | None]
    wished_technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"))
    contact_name: Mapped[str] = mapped_column(String(80), default="")
    contact_phone: Mapped[str] = mapped_column(String(32), default="")
    channel: Mapped[Channel] = mapped_column(default=Channel.PHONE)
    estimated_minutes: Mapped[int]
    estimated_fen: Mapped[int]
    arrived_at: Mapped[datetime | None]
    arrival: Mapped[Arrival | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    branch: Mapped[Branch] = relationship()
    customer: Mapped[Customer] = relationship(lazy="joined")
    vehicle: Mapped[Vehicle] = relationship(lazy="joined")
    advisor: Mapped[User] = relationship(lazy="joined", foreign_keys=advisor_id)
    created_by: Mapped[User] = relationship(foreign_keys=created_by_id)
    wished_technician: Mapped[Technician | None] = relationship()
    overbooking: Mapped[Overbooking | None] = relationship(lazy="selectin")

    @property
    def is_requested(self) -> bool:
        return self.status is AppointmentStatus.REQUESTED

    @property
    def is_expected(self) -> bool:
        """Whether the car is still to come."""
        return self.status in EXPECTED

    @property
    def is_here(self) -> bool:
        """Whether the car has come and waits for its reception."""
        return self.status is AppointmentStatus.ARRIVED

    @property
    def is_open(self) -> bool:
        """Whether the car is still to come, or is here and waits for its reception."""
        return self.status in NOT_RECEIVED

    @property
    def is_comeback(self) -> bool:
        return self.kind is AppointmentKind.COMEBACK

    def is_late(self, at: datetime) -> bool:
        """Whether the car is still to come although its slot is held no longer (P5)."""
        arrival = classify_arrival(at, self.slot_at, self.branch.on_time_minutes)
        return self.is_expected and arrival is Arrival.LATE

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        # A booked slot is taken once (P1), and a car is expected once a day.
        partial_index("uq_appointment_slot", "advisor_id", "slot_at", where=_HOLDS),
        partial_index("uq_appointment_vehicle_day", "vehicle_id", "day", where=_TO_COME),
        sa.Index("ix_appointment_branch_day", "branch_id", "day"),
        present("ix_appointment_replaces", "replaces_id", where="replaces_id IS NOT NULL"),
        present("ix_appointment_open", "branch_id", "slot_at", where=_TO_COME),
        present("ix_appointment_open_advisor", "advisor_id", "slot_at", where=_TO_COME),
        CheckConstraint("estimated_minutes > 0 AND estimated_fen >= 0", name="estimate"),
        CheckConstraint(
            "status NOT IN ('arrived', 'converted') OR arrived_at IS NOT NULL", name="arrived"
        ),
        CheckConstraint("status <> 'converted' OR order_id IS NOT NULL", name="converted"),
    )


class Overbooking(Model):
    """An appointment that was made although the day had not the hours: who, why, when.

    Append-only: it is the answer when the day did not work out.
    """

    id: Mapped[intpk]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    by: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)


class AppointmentOperation(Model):
    """A labour operation that the customer wishes for, or that we suggested."""

    id: Mapped[intpk]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    deferred_work_id: Mapped[int | None] = mapped_column(ForeignKey("deferred_work.id"))
    operation: Mapped[Operation] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("appointment_id", "operation_id"),)


class AppointmentChange(Model):
    """One change of an appointment's status: who, when, why. Append-only.

    Nobody of the shop did what the customer does by the own link.
    """

    id: Mapped[intpk]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    to_status: Mapped[AppointmentStatus]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[User | None] = relationship(lazy="joined")


class ContactResult(LabelledEnum):
    """What came of calling or writing to a customer about an appointment."""

    CONFIRMED = "confirmed", N_("Will come")
    NO_ANSWER = "no_answer", N_("No answer")
    WANTS_OTHER_TIME = "wants_other_time", N_("Wants another time")
    WANTS_CANCEL = "wants_cancel", N_("Wants to cancel")
    WRONG_NUMBER = "wrong_number", N_("Wrong number")


class AppointmentContact(Model):
    """One try to reach the customer about the appointment (P3, P8)."""

    id: Mapped[intpk]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[Channel]
    result: Mapped[ContactResult]
    note: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[User] = relationship(lazy="joined")
