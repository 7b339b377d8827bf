"""When an act counts that reaches us late. Plain Python."""

from __future__ import annotations

from datetime import datetime


def act_time(tapped_at: datetime, previous_at: datetime | None, at: datetime) -> datetime:
    """When an act that reaches us late was done: at the tap, unless that cannot be true.

    A tap lies neither in the future nor before the previous act; else the act counts from now.
    """
    if tapped_at > at or (previous_at is not None and tapped_at < previous_at):
        return at
    return tapped_at
