"""Plain decisions about messages: what is asked for, when an answer is due, what is no yes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from workshop.enums import LabelledEnum
from workshop.errors import N_

# N11: what is urgent gets its first answer within a quarter of an hour, all else within an hour.
DUE_URGENT, DUE = timedelta(minutes=15), timedelta(hours=1)
# Who was silent for so long after claiming leaves the answer to everybody again.
CLAIM_HOLDS = timedelta(minutes=10)
MOST_WORDS = 1000
# As many messages as one customer may send before somebody has answered.
MOST_UNANSWERED = 20
MOST_WRONG, WRONG_HOLDS = 5, timedelta(minutes=15)
OPEN_DAYS = timedelta(days=14)
"""How long after the handover the thread takes messages."""


class Wish(LabelledEnum):
    """What a message asks for."""

    WORDS = "words", N_("Message")
    CALL = "call", N_("Call me, please")
    WATER = "water", N_("Water, please")
    HOW_LONG = "how_long", N_("How long still?")

    @property
    def is_urgent(self) -> bool:
        """Whether somebody stands or sits and waits for it."""
        return self is not Wish.WORDS


HERE_ONLY = frozenset({Wish.WATER, Wish.HOW_LONG})
"""What only a customer who waits in the lounge asks for."""


def due_at(at: datetime, *, is_urgent: bool) -> datetime:
    """Until when a message of this moment is to be answered."""
    return at + (DUE_URGENT if is_urgent else DUE)


def is_closed(delivered_at: datetime | None, at: datetime) -> bool:
    """Whether the visit is over for so long that a new matter needs a call."""
    return delivered_at is not None and at >= delivered_at + OPEN_DAYS


def is_claimed(claimed_at: datetime | None, at: datetime) -> bool:
    """Whether somebody's word that they answer still holds."""
    return claimed_at is not None and at < claimed_at + CLAIM_HOLDS


def is_locked(wrong_tries: int, wrong_at: datetime | None, at: datetime) -> bool:
    """Whether the phone number's end was guessed too often; reading is never locked."""
    return wrong_tries >= MOST_WRONG and wrong_at is not None and at < wrong_at + WRONG_HOLDS


def sounds_like_yes(words: str) -> bool:
    """Whether the customer seems to agree to something: text approves nothing, a signature does."""
    plain = re.sub(r"[\s!！。.,，~～]+", "", words).lower()
    return plain in _YES


_YES = frozenset(
    (
        *("ok", "okay", "yes", "y", "agree", "agreed", "doit", "goahead", "fine", "sure"),
        *("好", "好的", "可以", "同意", "行", "行的", "没问题", "做吧", "修吧", "换吧", "就这样"),
        *("嗯", "确认", "是", "是的"),
    )
)


def is_tail(typed: str, phones: tuple[str, ...]) -> bool:
    """Whether these are the last four digits of one of the phone numbers."""
    tail = re.sub(r"\D", "", typed)
    return len(tail) == _TAIL and any(
        re.sub(r"\D", "", phone).endswith(tail) for phone in phones if phone
    )


_TAIL = 4
