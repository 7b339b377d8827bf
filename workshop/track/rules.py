"""Plain decisions about a customer's link: what it opens, and how often its page asks."""

from __future__ import annotations

import hashlib
from datetime import datetime

from workshop.orders.flow import Stage

# How often the page asks while it is seen, in seconds: while something moves, and otherwise.
MOVING_SECONDS, RESTING_SECONDS = 15, 60


def hash_token(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(expires_at: datetime, stage: Stage, at: datetime, *, is_retired: bool) -> bool:
    """Whether a link that nobody has ended opens something.

    `is_retired`: a new version of the offer has closed it to everybody but the phones that have
    opened it before.
    """
    return at < expires_at and not is_retired and stage.step is not None


def pace(stage: Stage, ready_at: datetime | None) -> int:
    """After how many seconds the page asks again."""
    return MOVING_SECONDS if stage.is_here and ready_at is None else RESTING_SECONDS
