"""Which record was joined to which, what went over, and how it was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk, partial_index


class _Merge(Model):
    """A record that stood there twice.

    `moved` has the ids that went over by table and column, `newest` the newest id of each table at
    that moment, `before` the values that the joining changed.
    """

    __abstract__ = True

    moved: Mapped[dict[str, Any]]
    newest: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


def _rules(name: str) -> tuple[Index | CheckConstraint, ...]:
    return (
        partial_index(name, "gone_id", where="undone_at IS NULL"),
        CheckConstraint("gone_id <> kept_id", name="two"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
    )


class CustomerMerge(_Merge):
    """A customer who stood in the records twice."""

    id: Mapped[intpk]
    gone_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)

    __table_args__ = _rules("uq_customer_merge_gone")


class VehicleMerge(_Merge):
    """A vehicle that stood in the records twice."""

    id: Mapped[intpk]
    gone_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)

    __table_args__ = _rules("uq_vehicle_merge_gone")
