"""Writing on both sides, saying who answers, and closing what was answered otherwise."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.thread import queries, rules
from workshop.thread.models import OrderThread, ThreadMessage
from workshop.thread.rules import Wish

ANSWERS = frozenset({Permission.QUOTE, Permission.CARE})
"""Of which one is enough to answer a customer."""


def prove(order: RepairOrder, typed: str, *, at: datetime) -> bool:
    """Whether a link's first writer knows the end of the phone number; a wrong one is counted.

    Raises RuleBroken after too many; reading is never locked by it.
    """
    db.lock("order_thread", order.id)
    thread = _get_or_make(order)
    if rules.is_locked(thread.wrong_tries, thread.wrong_at, at):
        raise RuleBroken(N_("Too many wrong tries. Please call us, or try later."), code="locked")
    phones = (order.reach.phone, order.customer.phone, order.bringer_phone, order.asked.phone)
    if rules.is_tail(typed, phones):
        thread.wrong_tries, thread.wrong_at = 0, None
        return True
    is_new_round = thread.wrong_tries >= rules.MOST_WRONG
    thread.wrong_tries = 1 if is_new_round else thread.wrong_tries + 1
    thread.wrong_at = at
    return False


def say(
    order: RepairOrder, words: str, *, wish: Wish = Wish.WORDS, photo: bytes = b"", at: datetime
) -> ThreadMessage:
    """The customer writes; a timer runs until somebody answers (N11)."""
    if rules.is_closed(order.delivered_at, at):
        raise RuleBroken(N_("This visit is closed. Please call us."), code="closed")
    db.lock("order_thread", order.id)
    thread = _get_or_make(order)
    if len(queries.list_unanswered(thread)) >= rules.MOST_UNANSWERED:
        raise RuleBroken(N_("We have your messages and will answer soon."), code="too_many")
    message = _add(order, words, wish, photo, by=None, at=at)
    is_urgent = wish.is_urgent or (order.stays is True and order.stage.is_here)
    due_at = rules.due_at(at, is_urgent=is_urgent)
    thread.waits_since = thread.waits_since or at
    thread.due_at = min(thread.due_at, due_at) if thread.due_at else due_at
    audit.write(None, "thread.say", order, at, wish=wish.value)
    orders.announce(order, at)
    return message


def claim(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Say that one answers, so that no two do. Who stays silent leaves it to everybody again."""
    staff.require_one_of(by, ANSWERS)
    thread = _get_waiting(order)
    _refuse_claimed(thread, by, at)
    thread.claimed_by_id, thread.claimed_at = by.id, at
    audit.write(by, "thread.claim", order, at)
    orders.announce(order, at)


def answer(
    order: RepairOrder, words: str, *, photo: bytes = b"", seen: int, by: User, at: datetime
) -> ThreadMessage:
    """The shop writes; `seen` is the last message that the writer's page showed, 0 for none.

    Raises Conflict when a colleague has answered meanwhile, and RuleBroken while one is at it.
    """
    staff.require_one_of(by, ANSWERS)
    db.lock("order_thread", order.id)
    thread = _get_or_make(order)
    _refuse_claimed(thread, by, at)
    for each in queries.list_messages(order):
        if each.id > seen and each.by is not None and each.by_id != by.id:
            raise Conflict(N_("%(name)s has answered meanwhile."), name=each.by.display_name)
    message = _add(order, words, Wish.WORDS, photo, by=by, at=at)
    _settle(thread)
    audit.write(by, "thread.answer", order, at)
    orders.announce(order, at)
    return message


def settle(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Note that the customer was answered otherwise: by a call, or with a glass of water."""
    staff.require_one_of(by, ANSWERS)
    thread = _get_waiting(order)
    _refuse_claimed(thread, by, at)
    _settle(thread)
    audit.write(by, "thread.settle", order, at)
    orders.announce(order, at)


def _settle(thread: OrderThread) -> None:
    thread.waits_since = thread.due_at = None
    thread.claimed_by_id = thread.claimed_at = None


def _get_waiting(order: RepairOrder) -> OrderThread:
    db.lock("order_thread", order.id)
    thread = queries.find_thread(order)
    if thread is None or thread.waits_since is None:
        raise RuleBroken(N_("Nothing waits for an answer."), code="answered")
    return thread


def _refuse_claimed(thread: OrderThread, by: User, at: datetime) -> None:
    holder = thread.claimed_by
    if holder is None or holder.id == by.id or not rules.is_claimed(thread.claimed_at, at):
        return
    raise RuleBroken(N_("%(name)s is answering."), code="claimed", name=holder.display_name)


def _get_or_make(order: RepairOrder) -> OrderThread:
    found = queries.find_thread(order)
    if found is None:
        found = OrderThread(branch_id=order.branch_id, order_id=order.id, wrong_tries=0)
        session.add(found)
        session.flush()
    return found


def _add(
    order: RepairOrder, words: str, wish: Wish, photo: bytes, *, by: User | None, at: datetime
) -> ThreadMessage:
    words = words.strip()
    if len(words) > rules.MOST_WORDS:
        raise Invalid(N_("This is too long for a message."), field="words")
    if not words and not photo and wish is Wish.WORDS:
        raise Invalid(N_("Write a message, or add a photo."), field="words")
    kept = None
    if photo:
        kept = orders.add_attachment(order, photo, AttachmentKind.PHOTO, at=at, by=by)
    message = ThreadMessage(
        order_id=order.id,
        at=at,
        by_id=by.id if by else None,
        wish=wish,
        words=words,
        photo_id=kept.id if kept else None,
    )
    session.add(message)
    session.flush()
    return message
