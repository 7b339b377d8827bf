"""Plate, VIN and names as they stood when a paper was signed or handed out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workshop.customers import rules
from workshop.db import Model, intpk


class SignedNames(Model):
    """What the car and its people were called when a paper of the order was issued. Append-only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    at: Mapped[datetime]
    plate: Mapped[str | None] = mapped_column(String(16))
    vin: Mapped[str | None] = mapped_column(String(17))
    title: Mapped[str] = mapped_column(String(130))
    customer_name: Mapped[str] = mapped_column(String(80))
    customer_phone: Mapped[str] = mapped_column(String(32))
    bringer_name: Mapped[str] = mapped_column(String(80))
    bringer_phone: Mapped[str] = mapped_column(String(32))

    @property
    def called(self) -> str:
        """How the car was called."""
        return rules.call_car(self.plate, self.vin)
