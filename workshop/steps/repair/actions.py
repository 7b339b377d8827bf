"""Actions that a phone may send twice: each client id is applied once."""

from __future__ import annotations

import uuid
import zlib
from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.staff.models import User
from workshop.steps.repair.models import AppliedAction


def new_id() -> str:
    """An id for the form that a page carries; every repetition of that form bears the same."""
    return uuid.uuid4().hex


def is_first(client_id: str, action: str, *, by: User, at: datetime) -> bool:
    """Take note of the action; False when it has been applied before and must not be again.

    An action without an id cannot be recognised, so it always counts as the first.
    """
    if not client_id:
        return True
    # The second of two simultaneous taps waits here until the first is committed.
    db.lock("client_action", zlib.crc32(client_id.encode()))
    known = session.scalar(select(AppliedAction.id).where(AppliedAction.client_id == client_id))
    if known is not None:
        return False
    session.add(AppliedAction(client_id=client_id[:64], action=action, by_id=by.id, at=at))
    session.flush()
    return True
