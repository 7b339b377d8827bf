"""What the program stands on: the database and its release, the timers, Redis."""

from __future__ import annotations

from datetime import datetime, timedelta

import redis
from sqlalchemy import select, text

from workshop.db import session
from workshop.health.models import TimerBeat
from workshop.migrations import schemas

LATE = timedelta(minutes=3)
"""So long the timers may be silent: the next process to lead has taken over by then."""

_PATIENCE_SECONDS = 1


def find_beat() -> datetime | None:
    """When the timers ran last; None when they never did."""
    return session.scalar(select(TimerBeat.at))


def are_timers_late(at: datetime) -> bool:
    """Whether no process runs the timers any more."""
    beat = find_beat()
    return beat is None or at - beat > LATE


def is_of_this_release() -> bool:
    """Whether the database is at this release's revision."""
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found == schemas.newest()


def is_redis_there(address: str) -> bool:
    """Whether the Redis of the installation answers."""
    try:
        with redis.Redis.from_url(
            address, socket_connect_timeout=_PATIENCE_SECONDS, socket_timeout=_PATIENCE_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError:
        return False
    return True
