"""Plain decisions about an order."""

from __future__ import annotations

from datetime import datetime

from workshop.orders.flow import Stage


def is_late(
    stage: Stage, promised_at: datetime | None, ready_at: datetime | None, at: datetime
) -> bool:
    """Whether the promise is over at `at` and the car is not ready; one let go has none to keep."""
    if promised_at is None or ready_at is not None or stage is Stage.DECLINED:
        return False
    return stage.is_here and promised_at < at
