"""What step 4 keeps: care for who stays, the sheet of who leaves, reports, rounds of the lounge."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.checklists.models import ChecklistItem, ChecklistVersion
from workshop.customers.models import Channel
from workshop.db import Model, intpk, partial_index
from workshop.staff.models import User
from workshop.steps.lounge.enums import CareKind, CostBearer, Occasion, Transport


class CareRecord(Model):
    """Where a waiting customer sits, what they drink, and whether they complained (0 or 1)."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    seat: Mapped[str] = mapped_column(String(40), default="")
    drinks: Mapped[str] = mapped_column(String(80), default="")
    remarks: Mapped[str] = mapped_column(sa.Text, default="")
    complained: Mapped[bool] = mapped_column(default=False)
    complaint: Mapped[str] = mapped_column(sa.Text, default="")
    noted_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CareAct(Model):
    """One of the six acts, done once for an order, each at its own time.

    A slip of the finger is taken back; the line stays.
    """

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    kind: Mapped[CareKind]
    done_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship(foreign_keys=[by_id])

    __table_args__ = (
        partial_index("uq_care_act_live", "order_id", "kind", where="taken_back_at IS NULL"),
    )


class ProgressReport(Model):
    """What the customer was told about the work, how, and when the next word is due."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    at: Mapped[datetime]
    occasion: Mapped[Occasion]
    said: Mapped[str] = mapped_column(sa.Text)
    channel: Mapped[Channel]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    next_due_at: Mapped[datetime | None]
    by: Mapped[User] = relationship()


class Departure(Model):
    """The departure information sheet of a customer who leaves while the car is here."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    left_at: Mapped[datetime]
    transport: Mapped[Transport]
    destination: Mapped[str] = mapped_column(String(120), default="")
    cost_bearer: Mapped[CostBearer]
    driver: Mapped[str] = mapped_column(String(80), default="")
    reachable_phone: Mapped[str] = mapped_column(String(32))
    best_time: Mapped[str] = mapped_column(String(60), default="")
    report_channel: Mapped[Channel]
    report_at: Mapped[datetime | None]
    pick_up_name: Mapped[str] = mapped_column(String(80))
    pick_up_phone: Mapped[str] = mapped_column(String(32))
    # Asked for when somebody other than the bringer collects the car.
    pick_up_code: Mapped[str] = mapped_column(String(6))
    loaner_contract_no: Mapped[str] = mapped_column(String(32), default="")
    loaner_plate: Mapped[str | None] = mapped_column(String(16))
    loaner_km_out: Mapped[int | None]
    loaner_km_in: Mapped[int | None]
    loaner_energy_out: Mapped[int | None]
    loaner_energy_in: Mapped[int | None]
    loaner_licence_checked: Mapped[bool] = mapped_column(default=False)
    loaner_deposit_fen: Mapped[int | None]
    loaner_damage: Mapped[str] = mapped_column(sa.Text, default="")
    loaner_due_at: Mapped[datetime | None]
    loaner_returned_at: Mapped[datetime | None]
    noted_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("loaner_km_in >= loaner_km_out", name="loaner_km"),
        CheckConstraint("loaner_energy_out BETWEEN 0 AND 100", name="loaner_energy_out"),
        CheckConstraint("loaner_energy_in BETWEEN 0 AND 100", name="loaner_energy_in"),
        CheckConstraint("loaner_deposit_fen >= 0", name="loaner_deposit"),
        # One loaner car is with one customer at a time.
        partial_index(
            "uq_departure_loaner_out",
            "loaner_plate",
            where="loaner_plate IS NOT NULL AND loaner_returned_at IS NULL",
        ),
    )


class LoungeRound(Model):
    """The walk through the lounge of one hour; `hour_at` is when that hour begins."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    hour_at: Mapped[datetime]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # The version of the list that the round goes by to its end.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_version.id"))
    version: Mapped[ChecklistVersion | None] = relationship()

    __table_args__ = (UniqueConstraint("branch_id", "hour_at"),)


class LoungeCheck(Model):
    """One item of a round: looked at, at its own time. Not in order needs an action and an end."""

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(ForeignKey("lounge_round.id"))
    item: Mapped[str] = mapped_column(String(40))
    is_ok: Mapped[bool]
    action: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    # The line of the list that was answered, in the words of its version.
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id"))
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    asked: Mapped[ChecklistItem | None] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "item"),
        CheckConstraint("is_ok OR action <> ''", name="action"),
    )

    def title_in(self, locale: str) -> str:
        """What was looked at, in `locale`, in the words of that day."""
        return self.asked.title_in(locale) if self.asked else self.item
