"""The shop's things: branch, calendar, technicians, skills, bays, and the time that is taken."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import BilingualName, Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.shop import buffers
from workshop.staff.models import User


class BayKind(LabelledEnum):
    """What a bay is fit for."""

    LIFT = "lift", N_("Lift bay")
    FLAT = "flat", N_("Flat bay")
    QUICK = "quick", N_("Express bay")
    ALIGNMENT = "alignment", N_("Alignment bay")
    HIGH_VOLTAGE = "high_voltage", N_("High-voltage bay")
    BODY = "body", N_("Body bay")
    PAINT = "paint", N_("Paint booth")
    WASH = "wash", N_("Wash bay")


class PaperSize(LabelledEnum):
    """The sheets in the printer."""

    A4 = "a4", N_("A4")
    LETTER = "letter", N_("Letter")


class HeadLine(LabelledEnum):
    """What may stand in the head of a paper below the name."""

    ADDRESS = "address", N_("Address")
    PHONE = "phone", N_("Phone")
    COMPLAINT_PHONE = "complaint_phone", N_("Complaint phone")
    EMAIL = "email", N_("E-mail")
    LICENCE_NO = "licence_no", N_("Filing number as a repairer")
    CREDIT_CODE = "credit_code", N_("Unified social credit code")
    TAX_NO = "tax_no", N_("Tax number")
    BANK_ACCOUNT = "bank_account", N_("Bank and account")


class Branch(Model):
    """One workshop at one address, with its settings (defaults: domain.md §1)."""

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    complaint_phone: Mapped[str] = mapped_column(String(32), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    bank_account: Mapped[str] = mapped_column(String(120), default="")
    tax_no: Mapped[str] = mapped_column(String(32), default="")
    # How people call the shop, the number of its filing as a repairer, and its credit code.
    short_name: Mapped[str] = mapped_column(String(20), default="")
    licence_no: Mapped[str] = mapped_column(String(40), default="")
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    # N1 and N2: minutes between two jobs, and between the last job and the promise.
    buffer_minutes: Mapped[int] = mapped_column(default=15)
    delivery_minutes: Mapped[int] = mapped_column(default=15)
    # P1 and P9: the arrival grid, and the part of the day that is not sold ahead.
    slot_minutes: Mapped[int] = mapped_column(default=15)
    reserve_percent: Mapped[int] = mapped_column(default=20)
    # P5 and P7: minutes around the slot that still count as on time; after which a no-show.
    on_time_minutes: Mapped[int] = mapped_column(default=15)
    no_show_minutes: Mapped[int] = mapped_column(default=60)
    # P17: days in which the same complaint counts as a repeat repair.
    repeat_days: Mapped[int] = mapped_column(default=30)
    report_every_minutes: Mapped[int] = mapped_column(default=60)
    # P22: days in which an old part has to be back for its deposit.
    core_days: Mapped[int] = mapped_column(default=30)
    tax_basis_points: Mapped[int] = mapped_column(default=1300)
    controller_moves_alone: Mapped[bool] = mapped_column(default=False)
    # The rules of two persons that so small a shop cannot keep (separation.rules.Apart).
    not_apart: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]

    def blocked_until(self, ends_at: datetime) -> datetime:
        """Until when technician and bay stay taken after work that ends then (N1)."""
        return buffers.blocked_until(ends_at, self.buffer_minutes)

    def ready_at(self, ends_at: datetime) -> datetime:
        """When a car is ready whose last work ends then (N2)."""
        return buffers.ready_at(ends_at, self.delivery_minutes)

    def must_end_by(self, promised_at: datetime) -> datetime:
        """When the last work must end, to keep this promise (N2)."""
        return buffers.must_end_by(promised_at, self.delivery_minutes)

    __table_args__ = (
        CheckConstraint("reserve_percent BETWEEN 0 AND 90", name="reserve_percent"),
        CheckConstraint("buffer_minutes >= 0 AND delivery_minutes >= 0", name="buffers"),
    )


class OpeningHours(Model):
    """One opening interval of a weekday (0 = Monday), in the shop's local time."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
    )


class CalendarDay(Model):
    """An exception to the weekly hours: a holiday, or a Saturday that is worked."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    day: Mapped[date]
    is_open: Mapped[bool]
    name: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (UniqueConstraint("branch_id", "day"),)


class Skill(Model, BilingualName):
    """A kind of work that not everybody may do."""

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    # What one technician does in one go has the same, in the shop's own words.
    work_group: Mapped[str | None] = mapped_column(String(40))


class Technician(Model):
    """A user who works on cars."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    # The group that works together, in the shop's own words.
    team: Mapped[str] = mapped_column(String(40), default="", server_default="")
    user: Mapped[User] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        return self.user.display_name


class TechnicianSkill(Model):
    """A technician's level in a skill; an expired certificate closes its jobs to them."""

    id: Mapped[intpk]
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[int]
    expires_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("technician_id", "skill_id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )


class Shift(Model):
    """One working interval of a person's week (0 = Monday); breaks are the gaps.

    A technician without one works never; anybody else without one works as long as it is open.
    """

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="order"),
    )


class Absence(Model):
    """A time in which a person is not there, whatever the shift says; two never overlap.

    One that was called off before it began has no length: `ends_at` = `starts_at`.
    """

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(80))
    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (CheckConstraint("starts_at <= ends_at", name="order"),)


class Bay(Model):
    """A place for one car."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[BayKind]
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("branch_id", "code"),)


class Letterhead(Model):
    """What the head and the foot of every paper show; a branch without one has the usual ones."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), unique=True)
    paper_size: Mapped[PaperSize] = mapped_column(default=PaperSize.A4)
    # Values of HeadLine, besides the name.
    lines: Mapped[list[str]]
    slogan: Mapped[str] = mapped_column(String(80), default="")
    foot: Mapped[str] = mapped_column(String(120), default="")
    # A PNG that the program made itself of what somebody sent.
    logo: Mapped[bytes | None]


class Setting(Model):
    """A value that a branch may change and that has no column of its own."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("branch_id", "name"),)


class NumberSeries(Model):
    """The last number given out, by branch, prefix and day. Numbers are never reused."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    prefix: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    last: Mapped[int]

    __table_args__ = (UniqueConstraint("branch_id", "prefix", "day"),)
