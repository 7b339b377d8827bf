"""Making a customer's link, finding what it opens, and ending it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
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
from workshop.track import rules
from workshop.track.models import TrackLink

# Long enough for a long repair and the days after it; a new one is made in a moment.
VALID_DAYS = 14


def make_link(order: RepairOrder, *, by: User, at: datetime) -> str:
    """Make the order's link and return its token, which is told only now; older links end."""
    staff.require_permission(by, Permission.QUOTE)
    if order.stage.step is None:
        raise RuleBroken(N_("The order is over; there is nothing to follow."), code="over")
    db.lock("track_link", order.id)
    older = _list_leading(order)
    for each in older:
        each.revoked_at = each.revoked_at or at
    session.flush()
    token = secrets.token_urlsafe(24)
    current = quotation.find_current(order)
    link = TrackLink(
        order_id=order.id,
        quotation_id=current.id if current else None,
        token_hash=rules.hash_token(token),
        made_at=at,
        made_by_id=by.id,
        expires_at=at + timedelta(days=VALID_DAYS),
    )
    session.add(link)
    session.flush()
    for each in older:
        each.replaced_by_id = link.id
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
    """Let no link of the order open anything any more, on no phone."""
    for link in _list_leading(order):
        link.revoked_at, link.replaced_by_id = link.revoked_at or at, None
    session.flush()


def _list_leading(order: RepairOrder) -> list[TrackLink]:
    """The links that open something, or lead to one that does."""
    leads = sa.or_(TrackLink.revoked_at.is_(None), TrackLink.replaced_by_id.is_not(None))
    return list(session.scalars(select(TrackLink).where(TrackLink.order_id == order.id, leads)))


def get_order_of(token: str, at: datetime, known: Collection[int] = ()) -> RepairOrder:
    """The order that the link opens. Expired, revoked, retired or guessed: the same NotFound.

    `known` are the orders whose page this phone has opened before: it is led on by a link that a
    newer one or a new version of the offer has taken the place of.
    """
    query = select(TrackLink).where(TrackLink.token_hash == rules.hash_token(token))
    link = session.scalars(query).one_or_none()
    if link is not None and link.revoked_at is not None:
        leads = link.replaced_by_id is not None and link.order_id in known
        link = find_link(link.order, at, known) if leads else None
    if link is None or not is_valid(link, at, known):
        raise NotFound(N_("This link is not valid any more."))
    return link.order


def find_link(order: RepairOrder, at: datetime, known: Collection[int] = ()) -> TrackLink | None:
    """The order's link that opens something now."""
    query = select(TrackLink).where(TrackLink.order_id == order.id, TrackLink.revoked_at.is_(None))
    link = session.scalars(query).one_or_none()
    return link if link is not None and is_valid(link, at, known) else None


def is_valid(link: TrackLink, at: datetime, known: Collection[int] = ()) -> bool:
    """Whether the link's time has not run out and its version of the offer still counts."""
    is_replaced = link.quotation is not None and link.quotation.is_replaced
    is_retired = is_replaced and link.order_id not in known
    return rules.is_open(link.expires_at, link.order.stage, at, is_retired=is_retired)


def is_token_of(link: TrackLink, token: str) -> bool:
    """Whether the link was handed out with this token."""
    return secrets.compare_digest(link.token_hash, rules.hash_token(token))
