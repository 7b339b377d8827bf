"""What a branch offers to customers who book by themselves, and what they asked for."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.models import Package
from workshop.customers.models import VehicleClass
from workshop.db import Model, intpk, partial_index, present
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.online.rules import TAKES_TIME, OnlineState
from workshop.storage.conditions import one_of

_TAKES = one_of("state", TAKES_TIME)
_ASKED = one_of("state", {OnlineState.REQUESTED})


class OnlineRules(Model):
    """A branch's rules for its booking page; without a row the page is closed."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), unique=True)
    is_open: Mapped[bool] = mapped_column(default=False)
    cutoff_minutes: Mapped[int] = mapped_column(default=120)
    days_ahead: Mapped[int] = mapped_column(default=30)
    share_percent: Mapped[int] = mapped_column(default=50)
    # The sites that may show the page inside theirs, one a line.
    origins: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("cutoff_minutes BETWEEN 0 AND 10080", name="cutoff_minutes"),
        CheckConstraint("days_ahead BETWEEN 1 AND 60", name="days_ahead"),
        CheckConstraint("share_percent BETWEEN 1 AND 100", name="share_percent"),
    )

    @property
    def allowed_origins(self) -> list[str]:
        """The sites that may show the page inside theirs."""
        return self.origins.split()


class OnlineService(Model):
    """A package that customers may choose, in words that they understand."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    words_zh: Mapped[str] = mapped_column(String(200), default="")
    words_en: Mapped[str] = mapped_column(String(200), default="")
    package: Mapped[Package] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("branch_id", "package_id"),)


class OnlineBooking(Model):
    """A time that a customer chose, and what is wished for; the desk makes an appointment of it.

    Nobody has proven the number yet, so no customer and no car is looked up or made by it. Its
    secret address is kept as a hash.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[OnlineState] = mapped_column(default=OnlineState.HELD)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    slot_at: Mapped[datetime]
    day: Mapped[date]
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    vehicle_class: Mapped[VehicleClass | None]
    minutes: Mapped[int]
    fen: Mapped[int]
    phone: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(80), default="")
    plate: Mapped[str] = mapped_column(String(16), default="")
    concern: Mapped[str] = mapped_column(sa.Text, default="")
    stays: Mapped[bool | None]
    wish: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(10), default="zh_CN")
    held_until: Mapped[datetime]
    created_at: Mapped[datetime]
    requested_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    branch: Mapped[Branch] = relationship(lazy="joined")
    package: Mapped[Package | None] = relationship(lazy="joined")
    advisor: Mapped[User] = relationship(lazy="joined", foreign_keys=advisor_id)
    answered_by: Mapped[User | None] = relationship(foreign_keys=answered_by_id)
    appointment: Mapped[Appointment | None] = relationship(lazy="joined")
    photos: Mapped[list[OnlinePhoto]] = relationship(
        order_by="OnlinePhoto.id", viewonly=True, lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        # A time is held once, and a number waits for one answer only.
        partial_index("uq_online_booking_slot", "advisor_id", "slot_at", where=_TAKES),
        partial_index("uq_online_booking_asked", "branch_id", "phone", where=_ASKED),
        sa.Index("ix_online_booking_branch_day", "branch_id", "day"),
        sa.Index("ix_online_booking_phone", "phone", "created_at"),
        present("ix_online_booking_open", "branch_id", "slot_at", where=_TAKES),
        CheckConstraint("minutes > 0 AND fen >= 0", name="estimate"),
        CheckConstraint("state <> 'requested' OR requested_at IS NOT NULL", name="requested"),
        CheckConstraint("state <> 'confirmed' OR appointment_id IS NOT NULL", name="confirmed"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused"),
    )

    @property
    def is_held(self) -> bool:
        return self.state is OnlineState.HELD

    @property
    def is_requested(self) -> bool:
        return self.state is OnlineState.REQUESTED

    @property
    def is_confirmed(self) -> bool:
        return self.state is OnlineState.CONFIRMED

    @property
    def is_answered_no(self) -> bool:
        """Whether it came to nothing: refused, cancelled, or not confirmed in time."""
        return not self.takes_time and not self.is_confirmed

    @property
    def is_unfinished(self) -> bool:
        """Whether nothing was asked for yet: the time is held, or was until a moment ago."""
        return self.requested_at is None

    @property
    def takes_time(self) -> bool:
        """Whether an advisor's time is kept for it."""
        return self.state in TAKES_TIME

    @property
    def is_answerable(self) -> bool:
        """Whether the desk still has to say something: it waits, or nobody answered in time."""
        is_late = self.state is OnlineState.LAPSED and self.requested_at is not None
        return self.is_requested or is_late


class OnlinePhoto(Model):
    """A picture that a customer sent with the request, drawn again so that nothing hides in it."""

    id: Mapped[intpk]
    booking_id: Mapped[int] = mapped_column(ForeignKey("online_booking.id"), index=True)
    mime: Mapped[str] = mapped_column(String(40))
    data: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    at: Mapped[datetime]
