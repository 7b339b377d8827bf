"""The notes of an order, as its page and their own page show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from workshop.desk.forms import KeyForm, NoteForm
from workshop.orders.models import RepairOrder
from workshop.orders.notes import queries, rules
from workshop.orders.notes.models import OrderNote
from workshop.staff.models import User


@dataclass(frozen=True)
class Notes:
    """What colleagues wrote about an order, for one reader."""

    order: RepairOrder
    reader: User
    at: datetime
    form: NoteForm
    # The note whose correction was refused.
    correcting: int | None = None

    @cached_property
    def rows(self) -> list[OrderNote]:
        """The newest first."""
        return queries.list_notes(self.order)

    @cached_property
    def people(self) -> list[User]:
        """Whom a note may name."""
        found = queries.list_readers(self.order.branch_id)
        return [each for each in found if each.id != self.reader.id]

    @property
    def names_reader(self) -> bool:
        """Whether a note waits for the reader to see it."""
        return any(
            each.user_id == self.reader.id and each.seen_at is None
            for note in self.rows
            for each in note.mentions
        )

    def is_correctable(self, note: OrderNote) -> bool:
        """Whether the reader may still change the words."""
        return note.by_id == self.reader.id and rules.is_correctable(note.at, self.at)


def find(order: RepairOrder, reader: User, at: datetime) -> Notes:
    """The notes with an empty form, for the page of the order."""
    return Notes(order, reader, at, NoteForm.blank())


def key_form_of(order: RepairOrder) -> KeyForm:
    """The tag and the place as they are."""
    return KeyForm.blank(key_tag=order.key_tag, parked_at=order.parked_at)
