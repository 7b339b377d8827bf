"""The customer's link to an order: a random token, kept only as a hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.orders.models import RepairOrder
from workshop.steps.quotation.models import Quotation


class TrackLink(Model):
    """One link that was handed out. A newer one, or a new version of the offer, retires it."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    # The version of the offer that the link was made for.
    quotation_id: Mapped[int | None] = mapped_column(ForeignKey("quotation.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # The newer link to which it leads a phone that has opened it before; none once it was cut off.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("track_link.id"))
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    quotation: Mapped[Quotation | None] = relationship(lazy="joined")

    __table_args__ = (partial_index("uq_track_link_live", "order_id", where="revoked_at IS NULL"),)
