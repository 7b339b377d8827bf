"""Whose a car was until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.customers.models import Customer
from workshop.db import Model, intpk


class OwnerChange(Model):
    """The owner whom a vehicle had until then. Append-only."""

    id: Mapped[intpk]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    until: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    owner: Mapped[Customer] = relationship(lazy="joined")
