"""The timers' beat is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from workshop.db import session
from workshop.health.models import TimerBeat

_PAUSE = timedelta(seconds=30)


def note_beat(at: datetime) -> None:
    """The timers run; written twice a minute, not with each of them."""
    beat = session.get(TimerBeat, 1)
    if beat is None:
        session.add(TimerBeat(id=1, at=at))
    elif not beat.at <= at < beat.at + _PAUSE:
        session.execute(update(TimerBeat).values(at=at))
