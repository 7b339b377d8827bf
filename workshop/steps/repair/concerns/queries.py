"""The concerns of an order, each with its answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair.concerns import rules
from workshop.steps.repair.concerns.models import ConcernAnswer


@dataclass(frozen=True)
class Concern:
    """What the customer came for, in their words, and how it ended."""

    number: int
    words: str
    answer: ConcernAnswer | None


def list_concerns(order: RepairOrder) -> list[Concern]:
    """The concerns in the customer's order; an answer to words that were corrected is none."""
    query = select(ConcernAnswer).where(
        ConcernAnswer.order_id == order.id, ConcernAnswer.taken_back_at.is_(None)
    )
    answers = {each.words: each for each in session.scalars(query)}
    return [
        Concern(number, words, answers.get(words))
        for number, words in enumerate(rules.list_concerns(order.concern), start=1)
    ]


def list_open(order: RepairOrder) -> list[Concern]:
    """The concerns that nobody has answered; a declined quotation is the customer's own no."""
    if quotation.wants_nothing(order):
        return []
    return [each for each in list_concerns(order) if each.answer is None]


def get_concern(order: RepairOrder, number: int, words: str) -> Concern:
    """The concern of this number, if it still has these words; raises NotFound."""
    for each in list_concerns(order):
        if each.number == number and each.words == words:
            return each
    raise NotFound(N_("This concern was worded otherwise meanwhile. Look at it again."))


def get_answer(order: RepairOrder, answer_id: int) -> ConcernAnswer:
    """An answer that stands; raises NotFound."""
    answer = session.get(ConcernAnswer, answer_id)
    if answer is None or answer.order_id != order.id or answer.taken_back_at is not None:
        raise NotFound(N_("There is no such answer any more."))
    return answer
