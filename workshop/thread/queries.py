"""Reading a thread, and which customers wait for an answer."""

from __future__ import annotations

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.thread.models import OrderThread, ThreadMessage
from workshop.thread.rules import HERE_ONLY


def find_thread(order: RepairOrder) -> OrderThread | None:
    """The order's thread, once anybody has written."""
    return session.scalars(
        select(OrderThread).where(OrderThread.order_id == order.id)
    ).one_or_none()


def list_messages(order: RepairOrder) -> list[ThreadMessage]:
    """All messages, the oldest first."""
    query = select(ThreadMessage).where(ThreadMessage.order_id == order.id)
    return list(session.scalars(query.order_by(ThreadMessage.id)))


def list_unanswered(thread: OrderThread) -> list[ThreadMessage]:
    """What the customer wrote since the shop's last word."""
    found: list[ThreadMessage] = []
    for each in list_messages(thread.order):
        found = [*found, each] if each.is_customers else []
    return found if thread.waits_since is not None else []


def list_waiting(branch_id: int) -> list[tuple[OrderThread, ThreadMessage]]:
    """Customers who wait for an answer, with their last message; the first due first."""
    query = (
        select(OrderThread, ThreadMessage)
        .join(ThreadMessage, ThreadMessage.order_id == OrderThread.order_id)
        .where(OrderThread.branch_id == branch_id, OrderThread.waits_since.is_not(None))
        .order_by(OrderThread.due_at, ThreadMessage.id)
    )
    last = {thread.id: (thread, message) for thread, message in session.execute(query)}
    return list(last.values())


def list_lounge(branch_id: int) -> list[tuple[OrderThread, ThreadMessage]]:
    """Of them those who ask the attendant for something."""
    return [(each, last) for each, last in list_waiting(branch_id) if last.wish in HERE_ONLY]


def get_photo_id(order: RepairOrder, message_id: int) -> int:
    """The picture of a message of the order; raises NotFound."""
    query = select(ThreadMessage.photo_id).where(
        ThreadMessage.id == message_id, ThreadMessage.order_id == order.id
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such picture."))
    return found
