"""What a signed paper says of car and people, as it stood when it was signed or handed out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workshop.customers import rules
from workshop.db import Model, intpk


class SignedNames(Model):
    """What the car and its people were called when a paper of the order was issued. Append-only.

    `mileage_km` is that of the visit, `car_km` the last known one of the car. What is NULL in the
    second half was not kept yet when the paper was issued; a row has an advisor or none of it.
    """

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
    advisor_name: Mapped[str | None] = mapped_column(String(80))
    engine_no: Mapped[str | None] = mapped_column(String(40))
    mileage_km: Mapped[int | None]
    car_km: Mapped[int | None]
    promised_at: Mapped[datetime | None]
    stays: Mapped[bool | None]

    @property
    def called(self) -> str:
        """How the car was called."""
        return rules.call_car(self.plate, self.vin)
