"""Which record was joined to which, what went over, and how it was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk, partial_index


class CustomerMerge(Model):
    """A customer who stood in the records twice.

    `moved` has the ids that went over by table and column, `newest` the newest id of each table at
    that moment, `before` the values that the joining changed.
    """

    id: Mapped[intpk]
    gone_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    moved: Mapped[dict[str, Any]]
    newest: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        partial_index("uq_customer_merge_gone", "gone_id", where="undone_at IS NULL"),
        CheckConstraint("gone_id <> kept_id", name="two"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
    )


class VehicleMerge(Model):
    """A vehicle that stood in the records twice; the columns are those of a customer's."""

    id: Mapped[intpk]
    gone_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    moved: Mapped[dict[str, Any]]
    newest: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        partial_index("uq_vehicle_merge_gone", "gone_id", where="undone_at IS NULL"),
        CheckConstraint("gone_id <> kept_id", name="two"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
    )
