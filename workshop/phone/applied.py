"""Acts that a phone may send twice: each id is applied once, and its first answer is kept."""

from __future__ import annotations

import uuid
import zlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.phone.models import AppliedAction
from workshop.staff.models import User

# As much of an id as is kept; the phones' own ids are half as long.
_ID_LENGTH = 64
DROPPED = "dropped"
"""A refused act that goes no further: nothing was done, so nothing has to come after it."""


def new_id() -> str:
    """An id for the form that a page carries; every repetition of that form bears the same."""
    return uuid.uuid4().hex


def find_answer(client_id: str, action: str, *, by: User) -> dict[str, Any] | None:
    """What was answered when this act was applied; None while it has not been.

    An act without an id cannot be recognised, so it is always new. Raises RuleBroken for an id
    that has been used for another act.
    """
    if not client_id:
        return None
    # The second of two simultaneous sendings waits here until the first is committed.
    db.lock("client_action", zlib.crc32(f"{by.id} {client_id}".encode()))
    query = select(AppliedAction).where(
        AppliedAction.by_id == by.id, AppliedAction.client_id == client_id[:_ID_LENGTH]
    )
    known = session.scalars(query).one_or_none()
    if known is None:
        return None
    if known.action != action:
        raise RuleBroken(N_("This was sent before, as another act."), code="other_act")
    return known.answer


def keep(
    client_id: str,
    action: str,
    answer: dict[str, Any],
    *,
    tapped_at: datetime | None = None,
    received_at: datetime,
    by: User,
    at: datetime,
) -> None:
    """Note that the act is done, and what was answered, in the same transaction as the act."""
    if not client_id:
        return
    done = AppliedAction(
        client_id=client_id[:_ID_LENGTH],
        action=action,
        by_id=by.id,
        tapped_at=tapped_at,
        at=at,
        received_at=received_at,
        answer=answer,
    )
    session.add(done)
    session.flush()


def find_last_at(by: User) -> datetime | None:
    """When the latest act of this person counts that has come from a phone."""
    query = select(sa.func.max(AppliedAction.at))
    return session.scalar(
        query.where(AppliedAction.by_id == by.id, AppliedAction.action != DROPPED)
    )
