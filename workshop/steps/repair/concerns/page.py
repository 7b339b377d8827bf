"""What the page of the customer's concerns shows."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.orders.models import Job, RepairOrder
from workshop.staff.access import me
from workshop.steps.repair import queries as repair
from workshop.steps.repair.concerns import queries, service
from workshop.steps.repair.concerns.forms import ConcernForm
from workshop.steps.repair.concerns.queries import Concern


@dataclass(frozen=True)
class Line:
    """One concern with its form; a refused one comes back with what was typed."""

    concern: Concern
    form: ConcernForm


@dataclass(frozen=True)
class Sheet:
    """All concerns of an order, and the jobs that may have answered them."""

    order: RepairOrder
    lines: list[Line]
    jobs: list[Job]

    @property
    def open_count(self) -> int:
        """How many nobody has answered."""
        return sum(line.concern.answer is None for line in self.lines)

    @property
    def may_answer(self) -> bool:
        """Whether the reader may say how a concern ended."""
        return any(me().may(each) for each in service.MAY_ANSWER)

    @property
    def answered_by(self) -> list[str]:
        """The rights of which one is enough to answer."""
        return [each.value for each in service.MAY_ANSWER]


def of(order: RepairOrder, refused: dict[int, ConcernForm] | None = None) -> Sheet:
    """The sheet; `refused` are forms that come back, by the number of their concern."""
    jobs = repair.list_jobs(order)
    lines = []
    for concern in queries.list_concerns(order):
        form = (refused or {}).get(concern.number)
        form = form or ConcernForm(formdata=None, words=concern.words)
        form.offer(jobs)
        lines.append(Line(concern, form))
    return Sheet(order, lines, jobs)
