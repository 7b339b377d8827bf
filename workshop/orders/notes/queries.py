"""Reading notes, and what of them waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.orders.notes.models import NoteMention, OrderNote
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def list_notes(order: RepairOrder) -> list[OrderNote]:
    """The notes of an order, the newest first."""
    query = select(OrderNote).where(OrderNote.order_id == order.id)
    return list(session.scalars(query.order_by(OrderNote.id.desc())))


def get_note(order: RepairOrder, note_id: int) -> OrderNote:
    """A note of the order; raises NotFound."""
    note = session.get(OrderNote, note_id)
    if note is None or note.order_id != order.id:
        raise NotFound(N_("There is no such note."))
    return note


def list_unseen(order: RepairOrder, user: User) -> list[NoteMention]:
    """Where the notes of the order name this person, who has not seen it."""
    query = (
        select(NoteMention)
        .join(OrderNote)
        .where(
            OrderNote.order_id == order.id,
            NoteMention.user_id == user.id,
            NoteMention.seen_at.is_(None),
        )
    )
    return list(session.scalars(query))


def list_waiting(branch: Branch) -> Sequence[tuple[NoteMention, OrderNote, RepairOrder]]:
    """All that names somebody of the branch who has not seen it, the oldest first."""
    query = (
        select(NoteMention, OrderNote, RepairOrder)
        .join(OrderNote, NoteMention.note_id == OrderNote.id)
        .join(RepairOrder, OrderNote.order_id == RepairOrder.id)
        .where(NoteMention.seen_at.is_(None), RepairOrder.branch_id == branch.id)
        .order_by(NoteMention.id)
    )
    return [(mention, note, order) for mention, note, order in session.execute(query).unique()]


def list_readers(branch_id: int) -> list[User]:
    """Whom a note may name: the people of the branch who open orders."""
    return [each for each in staff.list_users(branch_id) if each.may(Permission.VIEW_ORDERS)]
