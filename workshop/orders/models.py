"""The spine: the repair order, its history, its jobs, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop import events
from workshop.customers.contacts import queries as contacts
from workshop.customers.contacts.queries import Reach
from workshop.customers.models import ContactRole, Customer, Vehicle
from workshop.db import Model, intpk, present
from workshop.enums import LabelledEnum
from workshop.errors import N_, RuleBroken
from workshop.orders import rules
from workshop.orders.flow import OPEN, Stage, is_allowed
from workshop.orders.job_states import JobKind as JobKind
from workshop.orders.job_states import JobState as JobState
from workshop.orders.job_states import Urgency as Urgency
from workshop.orders.past.models import DeferredWork as DeferredWork
from workshop.orders.past.models import Guarantee as Guarantee
from workshop.orders.rows import Facts
from workshop.orders.work.models import WithLines
from workshop.shop.models import Branch, Skill
from workshop.staff.models import User
from workshop.storage.conditions import flagged, one_of

_DRIVEN_OFF = one_of("stage", {Stage.DELIVERED})


class OrderKind(LabelledEnum):
    """Why the car is here, for statistics and pay."""

    REPAIR = "repair", N_("Repair")
    COMEBACK = "comeback", N_("Comeback")
    WARRANTY = "warranty", N_("Warranty")
    RECALL = "recall", N_("Recall")


@dataclass(frozen=True)
class OrderMoved(events.Event):
    """A repair order went to another stage."""

    order_id: int
    branch_id: int
    stage: Stage
    at: datetime


@dataclass(frozen=True)
class OrderChanged(events.Event):
    """Something that screens show has changed without a move: promise, ticket, waiting."""

    order_id: int
    branch_id: int
    at: datetime


class RepairOrder(Model):
    """One visit of one vehicle. The promise keeps its first value beside the revised one."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    no: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[OrderKind] = mapped_column(default=OrderKind.REPAIR)
    stage: Mapped[Stage] = mapped_column(default=Stage.RECEPTION)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    # The person at the counter is often not the owner.
    bringer_name: Mapped[str] = mapped_column(String(80), default="")
    bringer_phone: Mapped[str] = mapped_column(String(32), default="")
    is_walk_in: Mapped[bool]
    concern: Mapped[str] = mapped_column(sa.Text)
    mileage_km: Mapped[int | None]
    # What the second odometer of a plug-in hybrid shows.
    ev_km: Mapped[int | None]
    energy_percent: Mapped[int | None]
    stays: Mapped[bool | None]
    repeat_repair: Mapped[bool] = mapped_column(default=False)
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"))
    # What hangs on its key, and where it stands in the yard.
    key_tag: Mapped[str] = mapped_column(String(20), default="", server_default="")
    parked_at: Mapped[str] = mapped_column(String(40), default="", server_default="")
    first_promised_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime]
    greeted_at: Mapped[datetime | None]
    authorised_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    # Whether money of it may be open. The database raises it with each bill, payment and old part
    # that came back; `settlement.even` lowers it once all is even.
    may_owe: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)
    vehicle: Mapped[Vehicle] = relationship(lazy="joined")
    customer: Mapped[Customer] = relationship(lazy="joined")
    advisor: Mapped[User] = relationship(lazy="joined")
    # One look-up for all the orders of a page.
    branch: Mapped[Branch] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("energy_percent BETWEEN 0 AND 100", name="energy_percent"),
        CheckConstraint("mileage_km >= 0", name="mileage_km"),
        CheckConstraint("ev_km >= 0", name="ev_km"),
        # A delivered car was ready, and settled or declined: the gate is also in the table.
        CheckConstraint("delivered_at IS NULL OR ready_at IS NOT NULL", name="delivered_ready"),
        present("ix_repair_order_open", "branch_id", "stage", where=one_of("stage", OPEN)),
        present("ix_repair_order_open_advisor", "advisor_id", where=one_of("stage", OPEN)),
        present("ix_repair_order_gone", "delivered_at", where=_DRIVEN_OFF),
        sa.Index("ix_repair_order_delivered", "branch_id", "delivered_at"),
        flagged("ix_repair_order_may_owe", "branch_id", flag="may_owe"),
        sa.Index("ix_repair_order_no_begins", "no", postgresql_ops={"no": "varchar_pattern_ops"}),
        sa.Index("ix_repair_order_greeted", "branch_id", "greeted_at"),
    )

    def move_to(self, stage: Stage, by: User | None, at: datetime, reason: str = "") -> StageChange:
        """Go to another stage; the only writer of `stage`. Raises RuleBroken off the table."""
        if not is_allowed(self.stage, stage):
            message = N_("An order that is “%(current)s” cannot become “%(wanted)s”.")
            raise RuleBroken(message, code="stage", current=self.stage, wanted=stage)
        change = StageChange(
            order_id=self.id,
            from_stage=self.stage,
            to_stage=stage,
            at=at,
            by_id=by.id if by else None,
            reason=reason,
        )
        sa.inspect(self).session.add(change)  # type: ignore[union-attr]  # An order is in a session.
        self.stage = stage
        events.record(OrderMoved(self.id, self.branch_id, stage, at))
        return change

    @classmethod
    def here(cls, branch_id: int, stages: Collection[Stage] = OPEN) -> sa.ColumnElement[bool]:
        """The condition for cars on the branch's premises, or for those in some of the stages.

        It names all open stages, and so no order is touched that is over.
        """
        some = () if stages is OPEN else (cls.stage.in_(stages),)
        return sa.and_(cls.branch_id == branch_id, cls.stage.in_(OPEN), *some)

    @property
    def reach(self) -> Reach:
        """Whom to call about the car: who brought it; of a company one of its people."""
        otherwise = contacts.reach(self.customer, self.vehicle)
        if self.customer.is_company and (
            not self.bringer_phone or self.bringer_name in ("", self.customer.name)
        ):
            return otherwise
        return Reach(self.bringer_name or otherwise.name, self.bringer_phone or otherwise.phone)

    @property
    def asked(self) -> Reach:
        """Whom to ask about work and its price: who may agree for a company."""
        return contacts.find_named(self.customer, ContactRole.AUTHORISES) or self.reach

    @property
    def payer(self) -> Reach:
        """Whom to call about money: who pays for a company."""
        return contacts.find_named(self.customer, ContactRole.PAYS) or self.reach

    @property
    def has_new_promise(self) -> bool:
        """Whether the customer was promised another time first."""
        return self.first_promised_at not in (None, self.promised_at)

    @property
    def kept_promise(self) -> bool | None:
        """Whether the car was handed over by its first promise; None without one of both."""
        if self.first_promised_at is None or self.delivered_at is None:
            return None
        return self.delivered_at <= self.first_promised_at

    @property
    def turn(self) -> tuple[bool, datetime, int]:
        """By what a list of cars is sorted: who waits here comes first, then the promise."""
        return not self.stays, self.promised_at or self.created_at, self.id

    @property
    def facts(self) -> Facts:
        """What decides beside the stage how people see the order, as far as the order knows it."""
        return Facts(
            ready=self.ready_at is not None,
            # What nobody authorised costs nothing.
            paid=self.authorised_at is None or self.settled_at is not None,
            released=self.released_at is not None,
        )

    def is_late(self, at: datetime) -> bool:
        """Whether the promise is over and the car is not ready; see `rules.is_late`."""
        return rules.is_late(self.stage, self.promised_at, self.ready_at, at)


class StageChange(Model):
    """One move of an order: who, when, why. Append-only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    from_stage: Mapped[Stage | None]
    to_stage: Mapped[Stage]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[User | None] = relationship()


class PromiseChange(Model):
    """A changed promise, why, and how, when and by whom the customer was told."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    old_at: Mapped[datetime | None]
    new_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    told_how: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class OrderForecast(Model):
    """When the watch sees a car ready, and why then; renewed while the car is in work."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    expected_at: Mapped[datetime]
    why: Mapped[rules.Why | None]
    at: Mapped[datetime]


class Job(Model, WithLines):
    """One scheduled piece of work of a repair order: the authorised lines done in one go."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    position: Mapped[int]
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[JobKind] = mapped_column(default=JobKind.REPAIR)
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[int] = mapped_column(default=1)
    book_minutes: Mapped[int]
    bay_kinds: Mapped[list[str]]
    rework_of_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # Since when the work rests, and the working minutes of earlier rests of this piece of work.
    paused_at: Mapped[datetime | None]
    paused_minutes: Mapped[int] = mapped_column(default=0)
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    skill: Mapped[Skill | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("book_minutes > 0", name="book_minutes"),
        sa.Index("ix_job_finished", "finished_at"),
        present("ix_job_paused", "order_id", where="state = 'paused'"),
    )


class AttachmentKind(Enum):
    """What a kept picture is."""

    PHOTO = "photo"
    SIGNATURE = "signature"


class Attachment(Model):
    """A picture that belongs to an order, kept in the database so that one backup holds all."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    kind: Mapped[AttachmentKind]
    mime: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    caption: Mapped[str] = mapped_column(String(200), default="")
    data: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
