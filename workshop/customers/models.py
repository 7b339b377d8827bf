"""Customers, their vehicles, and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.customers import rules
from workshop.db import Model, intpk, partial_index, present
from workshop.enums import LabelledEnum
from workshop.errors import N_


class CustomerKind(Enum):
    """A person or a firm."""

    PERSON = "person"
    COMPANY = "company"


class Channel(LabelledEnum):
    """How a customer wishes to be reached."""

    PHONE = "phone", N_("Phone")
    SMS = "sms", N_("SMS")
    WECHAT = "wechat", N_("WeChat")
    IN_PERSON = "in_person", N_("In person")


class EnergyType(LabelledEnum):
    """What drives the car; it decides fuel or charge level, and high-voltage rules."""

    FUEL = "fuel", N_("Fuel")
    DIESEL = "diesel", N_("Diesel")
    HYBRID = "hybrid", N_("Hybrid")
    ELECTRIC = "electric", N_("Electric")


class VehicleClass(LabelledEnum):
    """How large a car is; book minutes and quantities go by it."""

    COMPACT = "compact", N_("Compact car")
    MID = "mid", N_("Mid-size car")
    SUV = "suv", N_("SUV or MPV")


class ContactRole(LabelledEnum):
    """What a person does for a company; the value is the column that says so."""

    ORDERS = "orders", N_("Orders the work")
    AUTHORISES = "authorises", N_("Authorises")
    PAYS = "pays", N_("Pays")
    DRIVES = "drives", N_("Drives")


class Customer(Model):
    """Who brings cars and pays. Kept even when it buys no more."""

    id: Mapped[intpk]
    kind: Mapped[CustomerKind] = mapped_column(default=CustomerKind.PERSON)
    name: Mapped[str] = mapped_column(String(80), index=True)
    initials: Mapped[str] = mapped_column(String(80), default="", index=True)
    phone: Mapped[str] = mapped_column(String(32), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18))
    address: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[Channel] = mapped_column(default=Channel.PHONE)
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    birthday: Mapped[date | None]
    # How the customer came here, and what the shop calls a good one: in its own words.
    source: Mapped[str] = mapped_column(String(40), default="", server_default="", index=True)
    tier: Mapped[str] = mapped_column(String(20), default="", server_default="", index=True)
    phone_invalid: Mapped[bool] = mapped_column(default=False)
    # The record that this one was joined to: whoever looks for this one is led there.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        present("ix_customer_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"),
    )

    contacts: Mapped[list[CustomerContact]] = relationship(
        back_populates="customer", order_by="CustomerContact.id"
    )

    @property
    def is_company(self) -> bool:
        return self.kind is CustomerKind.COMPANY

    @property
    def people(self) -> list[CustomerContact]:
        """Who may be called for a company: those in use, the first one to call at the front."""
        if not self.is_company:
            return []
        in_use = (each for each in self.contacts if not each.is_retired)
        return sorted(in_use, key=lambda each: not each.is_primary)


class CustomerContact(Model):
    """A person of a company: whom to call for what. Taken out of use, never deleted."""

    id: Mapped[intpk]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    phone: Mapped[str] = mapped_column(String(32), index=True)
    orders: Mapped[bool] = mapped_column(default=False)
    authorises: Mapped[bool] = mapped_column(default=False)
    pays: Mapped[bool] = mapped_column(default=False)
    drives: Mapped[bool] = mapped_column(default=False)
    is_primary: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined", back_populates="contacts")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("name <> '' AND phone <> ''", name="reached"),
        CheckConstraint("retired_at IS NULL OR NOT is_primary", name="primary_in_use"),
        # One is called first.
        partial_index("uq_customer_contact_primary", "customer_id", where="is_primary"),
    )

    @property
    def is_retired(self) -> bool:
        """Whether the person is no contact of the company any more."""
        return self.retired_at is not None

    @property
    def roles(self) -> list[ContactRole]:
        """What the person does for the company."""
        return [role for role in ContactRole if getattr(self, role.value)]


class Vehicle(Model):
    """A car, keyed by VIN where it is known; its plate may change (domain.md §7)."""

    id: Mapped[intpk]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    plate: Mapped[str | None] = mapped_column(String(16), index=True)
    vin: Mapped[str | None] = mapped_column(String(17), unique=True)
    make: Mapped[str] = mapped_column(String(40), default="")
    model: Mapped[str] = mapped_column(String(60), default="", index=True)
    colour: Mapped[str] = mapped_column(String(20), default="")
    energy: Mapped[EnergyType] = mapped_column(default=EnergyType.FUEL)
    # None while nobody has said it: then a car counts as mid-size.
    vehicle_class: Mapped[VehicleClass | None]
    engine_no: Mapped[str] = mapped_column(String(40), default="")
    first_registered_on: Mapped[date | None]
    model_year: Mapped[int | None]
    # By law the car is inspected and insured again until then.
    inspection_due_on: Mapped[date | None]
    insurance_due_on: Mapped[date | None]
    mileage_km: Mapped[int | None]
    # A plug-in hybrid counts what it drove by its battery apart.
    ev_km: Mapped[int | None]
    next_due_on: Mapped[date | None]
    next_due_km: Mapped[int | None]
    # Who of the company mostly drives it.
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("customer_contact.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("mileage_km >= 0", name="mileage_km"),
        CheckConstraint("ev_km >= 0", name="ev_km"),
        CheckConstraint("model_year BETWEEN 1900 AND 2100", name="model_year"),
        # Two cars may have had the same plate; only one has it now.
        partial_index("uq_vehicle_plate", "plate", where="plate IS NOT NULL"),
        present("ix_vehicle_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"),
    )

    @property
    def size(self) -> str | None:
        """The class of the car as the catalogue asks for it."""
        return self.vehicle_class.value if self.vehicle_class else None

    @property
    def called(self) -> str:
        """How the car is called wherever it is named: its plate, or the end of its VIN."""
        return rules.call_car(self.plate, self.vin)

    @property
    def driver(self) -> CustomerContact | None:
        """Who mostly drives the car, while it belongs to the company and the person works there."""
        return next((each for each in self.customer.people if each.id == self.driver_id), None)

    @property
    def warnings(self) -> list[str]:
        """Msgids of what looks odd about plate and VIN; it never blocks (domain.md §7)."""
        return rules.warnings(self.plate, self.vin)

    @property
    def title(self) -> str:
        """Make, model and colour, as people name the car."""
        return " ".join(part for part in (self.make, self.model, self.colour) if part)


class PlateChange(Model):
    """A plate that a vehicle had until then."""

    id: Mapped[intpk]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    plate: Mapped[str] = mapped_column(String(16), index=True)
    until: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class OdometerReading(Model):
    """The mileage that was read; it never falls unless the odometer was replaced. Append-only.

    A row that corrects another one takes its place; see `mileage`.
    """

    id: Mapped[intpk]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    mileage_km: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    replaced: Mapped[bool] = mapped_column(default=False)
    # The order under which it was read.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    # A reading is corrected once; then its correction is.
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("odometer_reading.id"), index=True, unique=True
    )
    # The corrected one was never read at this car.
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("mileage_km >= 0", name="mileage_km"),
        CheckConstraint("corrects_id IS NULL OR reason <> ''", name="reason"),
        CheckConstraint("corrects_id IS NOT NULL OR NOT is_withdrawn", name="withdrawn"),
    )


class ConsentPurpose(LabelledEnum):
    """What a customer may allow us to use the data for."""

    SERVICE = "service", N_("About the repair")
    FOLLOW_UP = "follow_up", N_("Call after the repair")
    REMINDER = "reminder", N_("Reminders of service and inspection")
    MARKETING = "marketing", N_("Offers and advertising")


class Consent(Model):
    """A yes or no for one purpose on one channel; the newest counts. Append-only."""

    id: Mapped[intpk]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    purpose: Mapped[ConsentPurpose]
    channel: Mapped[Channel]
    given: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
