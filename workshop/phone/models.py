"""What is kept of the acts that phones have sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk


class AppliedAction(Model):
    """The phone's id of an act that has been done, so that its repetition does nothing."""

    id: Mapped[intpk]
    client_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    tapped_at: Mapped[datetime | None]
    # When the act was in the books: that of the tap where the rules allow it.
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    answer: Mapped[dict[str, Any]]

    __table_args__ = (
        UniqueConstraint("by_id", "client_id"),
        CheckConstraint("at <= received_at", name="not_ahead"),
    )
