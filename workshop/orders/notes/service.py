"""Writing notes on an order, correcting them, and seeing what names oneself."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid, NotAllowed, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.orders.notes import queries, rules
from workshop.orders.notes.models import NoteMention, OrderNote
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def write(order: RepairOrder, text: str, *, by: User, at: datetime) -> OrderNote:
    """Write a note; whom it names with an @ finds it in the inbox.

    To write is to answer: what names the writer on this order is seen. Raises Invalid without
    words.
    """
    staff.require_permission(by, Permission.VIEW_ORDERS)
    note = OrderNote(order_id=order.id, text=_words(text), at=at, by_id=by.id, by=by)
    session.add(note)
    session.flush()
    _name(note)
    _see(order, by, at)
    session.flush()
    audit.write(by, "orders.write_note", order, at, text=note.text)
    orders.announce(order, at)
    return note


def correct(note: OrderNote, text: str, *, by: User, at: datetime) -> None:
    """Change the words of one's own note, for ten minutes.

    Whom the new words name finds it too; whom they name no more does not. Raises NotAllowed for
    another's note, RuleBroken later.
    """
    if note.by_id != by.id:
        raise NotAllowed(N_("Only who wrote a note corrects it."))
    if not rules.is_correctable(note.at, at):
        raise RuleBroken(
            N_("A note is corrected within ten minutes. Write a new one."), code="too_late"
        )
    was, note.text = note.text, _words(text)
    note.corrected_at = at
    _name(note)
    session.flush()
    audit.write(by, "orders.correct_note", note.order, at, text=note.text, was={"text": was})
    orders.announce(note.order, at)


def see(order: RepairOrder, *, by: User, at: datetime) -> None:
    """The person has opened the order, and so what names them there is seen."""
    if _see(order, by, at):
        orders.announce(order, at)


def _see(order: RepairOrder, by: User, at: datetime) -> bool:
    found = queries.list_unseen(order, by)
    for mention in found:
        mention.seen_at = at
    return bool(found)


def _words(text: str) -> str:
    if not text.strip():
        raise Invalid(N_("Write something."), field="text")
    return text.strip()[:2000]


def _name(note: OrderNote) -> None:
    """Keep whom the words name: people of the branch, but for the writer."""
    people = queries.list_readers(note.by.branch_id)
    named = rules.named_in(note.text, [(each.id, each.display_name) for each in people])
    named.discard(note.by_id)
    for mention in list(note.mentions):
        if mention.user_id not in named and mention.seen_at is None:
            note.mentions.remove(mention)
            session.delete(mention)
    known = {each.user_id for each in note.mentions}
    note.mentions.extend(
        NoteMention(user_id=each.id, user=each)
        for each in people
        if each.id in named and each.id not in known
    )
