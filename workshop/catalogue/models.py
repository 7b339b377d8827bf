"""What the shop sells: labour rates, operations, packages, and kinds of parts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from workshop.catalogue import rules
from workshop.db import BilingualName, Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_


class GuaranteeEnd(NamedTuple):
    """The last day of a guarantee and its last kilometre on the odometer."""

    on: date
    km: int


class GuaranteeClass(LabelledEnum):
    """The repair quality guarantee of an operation (domain.md R1–R3); km or days, first ends."""

    OVERHAUL = "overhaul", N_("Vehicle overhaul or assembly repair")
    LEVEL_2_MAINTENANCE = "level_2_maintenance", N_("Level-2 maintenance")
    MINOR = "minor", N_("Level-1 maintenance, minor or specialised repair")

    @property
    def km(self) -> int:
        return GUARANTEE_TERMS[self][0]

    @property
    def days(self) -> int:
        return GUARANTEE_TERMS[self][1]

    def end_after(self, starts_on: date, start_km: int) -> GuaranteeEnd:
        """Where a guarantee of this class ends that starts on a day at a mileage (R1–R5)."""
        return GuaranteeEnd(starts_on + timedelta(days=self.days), start_km + self.km)


# Legal minimum, whichever of km and days comes first (R1–R3, R5).
GUARANTEE_TERMS = {
    GuaranteeClass.OVERHAUL: (20_000, 100),
    GuaranteeClass.LEVEL_2_MAINTENANCE: (5_000, 30),
    GuaranteeClass.MINOR: (2_000, 10),
}


class Payer(LabelledEnum):
    """Who pays a line."""

    CUSTOMER = "customer", N_("Customer pay")
    WARRANTY = "warranty", N_("Warranty")
    STATUTORY = "statutory", N_("Statutory warranty")
    INSURANCE = "insurance", N_("Insurance")
    INTERNAL = "internal", N_("Internal")
    GOODWILL = "goodwill", N_("Goodwill")

    @property
    def is_maker(self) -> bool:
        """Whether the maker pays in the end, and wants to see the old parts."""
        return self in (Payer.WARRANTY, Payer.STATUTORY)


class Energy(LabelledEnum):
    """What drives the cars that an operation is for; the values are those of a vehicle's energy."""

    FUEL = "fuel", N_("Petrol")
    DIESEL = "diesel", N_("Diesel")
    HYBRID = "hybrid", N_("Hybrid")
    ELECTRIC = "electric", N_("Electric")


class BayNeed(LabelledEnum):
    """Where an operation can be done; the values are those of a bay's kind."""

    LIFT = "lift", N_("Lift bay")
    FLAT = "flat", N_("Flat bay")
    QUICK = "quick", N_("Express bay")
    ALIGNMENT = "alignment", N_("Alignment bay")
    HIGH_VOLTAGE = "high_voltage", N_("High-voltage bay")
    BODY = "body", N_("Body bay")
    PAINT = "paint", N_("Paint booth")
    WASH = "wash", N_("Wash bay")


class OperationFlag(LabelledEnum):
    """What an operation asks for beside hands and a bay."""

    ROAD_TEST = "road_test", N_("Road test")
    SCAN_TOOL = "scan_tool", N_("Scan tool")
    REFRIGERANT = "refrigerant", N_("Refrigerant recovery")
    HIGH_VOLTAGE = "high_voltage", N_("High voltage, a second qualified person")


class FromStarter:
    """Where a row of the catalogue came from, and whether somebody has looked at it since.

    `starter_version` is None for the shop's own rows. What was changed or used is the shop's.
    """

    starter_version: Mapped[str | None] = mapped_column(String(20))
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime | None]

    @property
    def is_unchecked(self) -> bool:
        """Whether it came from the starter set and nobody has looked at it yet."""
        return self.starter_version is not None and self.checked_at is None


class PriceRow:
    """One line of a price's history, append-only: from which day on, how much, who, when, why.

    `fen` is None where the own price ends. A later line may take one back before its day comes.
    Nobody set what an upgrade took over, so `by_id` may be empty.
    """

    id: Mapped[intpk]
    valid_from: Mapped[date]
    fen: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @declared_attr
    def takes_back_id(cls: type[Any]) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy's way.
        """The earlier line that this one takes back."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"), unique=True)


class LabourRate(Model, BilingualName):
    """A grade of labour, such as standard or body work; its prices are in `LabourPrice`."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    code: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("branch_id", "code"),)


class LabourPrice(Model, PriceRow):
    """The price of an hour of book time for one payer, tax included, from a day on.

    A payer without an own price pays what the customer pays.
    """

    rate_id: Mapped[int] = mapped_column(ForeignKey("labour_rate.id"), index=True)
    payer: Mapped[Payer]

    __table_args__ = (
        CheckConstraint("fen > 0", name="fen"),
        CheckConstraint(
            "payer <> 'customer' OR fen IS NOT NULL OR takes_back_id IS NOT NULL", name="customer"
        ),
    )


class PartKind(Model, BilingualName, FromStarter):
    """A purpose that parts of several classes serve; its code is their choice group."""

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    unit: Mapped[str] = mapped_column(String(10), default="件")
    active: Mapped[bool] = mapped_column(default=True)


class Operation(Model, BilingualName, FromStarter):
    """A labour operation with its book time, skill and bay needs.

    `book_minutes` are those of a mid-size car; other classes may have minutes of their own.
    """

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[int] = mapped_column(default=1)
    book_minutes: Mapped[int]
    compact_minutes: Mapped[int | None]
    suv_minutes: Mapped[int | None]
    bay_kinds: Mapped[list[str]]
    # None named: for cars of every energy.
    energies: Mapped[list[str]] = mapped_column(default=list)
    models: Mapped[str] = mapped_column(String(200), default="")
    flags: Mapped[list[str]] = mapped_column(default=list)
    rate_code: Mapped[str] = mapped_column(String(20), default="standard")
    guarantee: Mapped[GuaranteeClass] = mapped_column(default=GuaranteeClass.MINOR)
    # Words under which an advisor looks for it, e.g. "noise brake 异响 刹车".
    keywords: Mapped[str] = mapped_column(String(200), default="")
    # The topic of the inspection template that it sells; empty: it sells none.
    sells: Mapped[str] = mapped_column(String(40), default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True)
    parts: Mapped[list[OperationPart]] = relationship(
        lazy="selectin", order_by="OperationPart.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("book_minutes > 0", name="book_minutes"),
        CheckConstraint("compact_minutes > 0 AND suv_minutes > 0", name="class_minutes"),
    )

    def minutes_of(self, size: str | None) -> int:
        """The book minutes for a car of this class; those of a mid-size car where none are told."""
        return rules.of_size(size, self.compact_minutes, self.book_minutes, self.suv_minutes)

    def suits(self, energy: str) -> bool:
        """Whether it is work for a car of this energy; plain fuel may be petrol or diesel."""
        return rules.suits(self.energies, energy)


class OperationPart(Model):
    """What an operation usually needs off the shelf, in thousandths of its unit.

    Either one part, or a kind of part, of which the shelf's own is taken.
    """

    id: Mapped[intpk]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"))
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("part_kind.id"))
    quantity_milli: Mapped[int]
    compact_milli: Mapped[int | None]
    suv_milli: Mapped[int | None]
    kind: Mapped[PartKind | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_milli"),
        CheckConstraint("compact_milli > 0 AND suv_milli > 0", name="class_milli"),
        CheckConstraint("(part_id IS NULL) <> (kind_id IS NULL)", name="part_or_kind"),
    )

    def milli_of(self, size: str | None) -> int:
        """How much a car of this class takes."""
        return rules.of_size(size, self.compact_milli, self.quantity_milli, self.suv_milli)


class Package(Model, BilingualName, FromStarter):
    """Several operations under one name, as on a menu; may say when it is due again.

    Its fixed price, if any, is in `PackagePrice`; else it costs what its operations cost.
    """

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    interval_km: Mapped[int | None]
    interval_months: Mapped[int | None]
    # The months in which it is offered, both included; from November to February goes round.
    season_from: Mapped[int | None]
    season_to: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    items: Mapped[list[PackageItem]] = relationship(
        lazy="selectin", order_by="PackageItem.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("interval_km > 0 AND interval_months > 0", name="interval"),
        CheckConstraint("season_from BETWEEN 1 AND 12", name="season_from"),
        CheckConstraint("season_to BETWEEN 1 AND 12", name="season_to"),
        CheckConstraint("(season_from IS NULL) = (season_to IS NULL)", name="season"),
    )

    @property
    def operations(self) -> list[Operation]:
        """The operations in their order."""
        return [item.operation for item in self.items]

    def is_in_season(self, month: int) -> bool:
        """Whether it is offered in this month; one without a season always is."""
        return rules.in_season(self.season_from, self.season_to, month)

    def suits(self, energy: str) -> bool:
        """Whether all of it is work for a car of this energy."""
        return all(operation.suits(energy) for operation in self.operations)


class PackagePrice(Model, PriceRow):
    """The fixed price of a package, tax included, from a day on; None: what its lines cost."""

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)

    __table_args__ = (CheckConstraint("fen > 0", name="fen"),)


class PackageItem(Model):
    """One operation of a package."""

    id: Mapped[intpk]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    position: Mapped[int]
    operation: Mapped[Operation] = relationship(lazy="joined")
