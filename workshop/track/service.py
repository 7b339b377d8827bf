"""Making a customer's link, finding what it opens, and ending it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, NotFound, RuleBroken
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.track.models import TrackLink

# Long enough for a long repair and the days after it; a new one is made in a moment.
VALID_DAYS = 14


def make_link(order: RepairOrder, *, by: User, at: datetime) -> str:
    """Make the order's link and return its token, which is told only now; older links end."""
    staff.require_permission(by, Permission.QUOTE)
    if order.stage.step is None:
        raise RuleBroken(N_("The order is over; there is nothing to follow."), code="over")
    db.lock("track_link", order.id)
    end_links(order, at)
    token = secrets.token_urlsafe(24)
    current = quotation.find_current(order)
    link = TrackLink(
        order_id=order.id,
        quotation_id=current.id if current else None,
        token_hash=_hash(token),
        made_at=at,
        made_by_id=by.id,
        expires_at=at + timedelta(days=VALID_DAYS),
    )
    session.add(link)
    audit.write(by, "track.make_link", link, at, order=order.no)
    return token


def revoke_link(order: RepairOrder, *, by: User, at: datetime) -> None:
    """End the order's link at once."""
    staff.require_permission(by, Permission.QUOTE)
    end_links(order, at)
    audit.write(by, "track.revoke_link", order, at)


def has_live_link(order: RepairOrder) -> bool:
    """Whether a link was handed out that nobody has ended."""
    query = select(TrackLink.id).where(
        TrackLink.order_id == order.id, TrackLink.revoked_at.is_(None)
    )
    return session.scalar(query.limit(1)) is not None


def end_links(order: RepairOrder, at: datetime) -> None:
    """Let the order's link open nothing any more."""
    query = select(TrackLink).where(TrackLink.order_id == order.id, TrackLink.revoked_at.is_(None))
    for link in session.scalars(query):
        link.revoked_at = at
    session.flush()


def get_order_of(token: str, at: datetime) -> RepairOrder:
    """The order that the link opens. Expired, revoked, retired or guessed: the same NotFound."""
    query = select(TrackLink).where(
        TrackLink.token_hash == _hash(token), TrackLink.revoked_at.is_(None)
    )
    link = session.scalars(query).one_or_none()
    if link is None or not is_valid(link, at):
        raise NotFound(N_("This link is not valid any more."))
    return link.order


def find_link(order: RepairOrder, at: datetime) -> TrackLink | None:
    """The order's link that opens something now."""
    query = select(TrackLink).where(TrackLink.order_id == order.id, TrackLink.revoked_at.is_(None))
    link = session.scalars(query).one_or_none()
    return link if link is not None and is_valid(link, at) else None


def is_valid(link: TrackLink, at: datetime) -> bool:
    """Whether the link's time has not run out and its version of the offer still counts."""
    retired = link.quotation is not None and link.quotation.is_replaced
    return at < link.expires_at and not retired and link.order.stage.step is not None


def is_token_of(link: TrackLink, token: str) -> bool:
    """Whether the link was handed out with this token."""
    return secrets.compare_digest(link.token_hash, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
