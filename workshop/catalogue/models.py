"""What the shop sells: labour operations, service packages and labour rates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class LabourRate(Model, BilingualName):
    """The price of an hour of book time, tax included."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    code: Mapped[str] = mapped_column(String(20))
    fen_per_hour: Mapped[int]

    __table_args__ = (
        UniqueConstraint("branch_id", "code"),
        CheckConstraint("fen_per_hour >= 0", name="fen_per_hour"),
    )


class Operation(Model, BilingualName):
    """A labour operation with its book time, skill and bay needs."""

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[int] = mapped_column(default=1)
    book_minutes: Mapped[int]
    bay_kinds: Mapped[list[str]]
    rate_code: Mapped[str] = mapped_column(String(20), default="standard")
    guarantee: Mapped[GuaranteeClass] = mapped_column(default=GuaranteeClass.MINOR)
    # Words under which an advisor looks for it, e.g. "noise brake 异响 刹车".
    keywords: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    parts: Mapped[list[OperationPart]] = relationship(lazy="selectin")

    __table_args__ = (CheckConstraint("book_minutes > 0", name="book_minutes"),)


class OperationPart(Model):
    """A part that an operation usually needs, in thousandths of its unit."""

    id: Mapped[intpk]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    quantity_milli: Mapped[int]

    __table_args__ = (CheckConstraint("quantity_milli > 0", name="quantity_milli"),)


class Package(Model, BilingualName):
    """Several operations under one name, as on a menu; may say when it is due again."""

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    interval_km: Mapped[int | None]
    interval_months: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    items: Mapped[list[PackageItem]] = relationship(lazy="selectin")


class PackageItem(Model):
    """One operation of a package."""

    id: Mapped[intpk]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    position: Mapped[int]
    operation: Mapped[Operation] = relationship(lazy="joined")
