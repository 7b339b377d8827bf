"""What is looked at on each of the three levels: the general list, and those of the job's kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.models import ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Skill
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.taking_off.models import TakeOffLine
from workshop.steps.repair import queries
from workshop.steps.repair.rules import Level

USES = {
    Level.SELF_CHECK: Use.SELF_CHECK,
    Level.QUALITY_CHECK: Use.QUALITY_CHECK,
    Level.FINAL_CHECK: Use.FINAL_CHECK,
}


@dataclass(frozen=True)
class Asked:
    """One line of a check. Its code is the list's own, with the kind of job before it."""

    code: str
    item: ChecklistItem


@dataclass(frozen=True)
class Questions:
    """The lists of one check: their versions, and all their lines in order."""

    versions: tuple[ChecklistVersion, ...]
    lines: tuple[Asked, ...]

    @property
    def seen(self) -> str:
        """Which versions a page shows; it sends them back with the answers."""
        return "-".join(str(each.id) for each in self.versions)


def find_questions(
    level: Level, jobs: Sequence[Job], *, seen: str = "", at: datetime | None = None
) -> Questions:
    """What is asked of these jobs at this level, in the versions that are in use.

    `seen` are the versions of a page that somebody had before them at `at`: they are what was
    asked. Raises Conflict when these cannot be answered any more.
    """
    found = lists.list_versions_of_job(USES[level], _names_of(jobs))
    if seen and at is not None:
        numbers = [int(each) for each in seen.split("-") if each.isdecimal() and len(each) < 10]
        found = lists.list_seen(found, numbers, at)
    lines = [_asked(item) for version in found for item in version.items]
    return Questions(tuple(found), tuple(_once(lines)))


def _once(lines: list[Asked]) -> list[Asked]:
    """What two lists ask in the same words, with the same limits, is asked once."""
    first: dict[object, Asked] = {}
    for line in lines:
        item = line.item
        said = (item.title_zh, item.standard_zh, item.kind, item.unit, item.limits, item.bond)
        first.setdefault(said, line)
    return list(first.values())


def of_order(level: Level, order: RepairOrder) -> Questions:
    """What the quality check or the final check of an order asks now."""
    return find_questions(level, queries.list_jobs(order))


def of_job(job: Job) -> Questions:
    """What the self-check of a job asks now."""
    return find_questions(Level.SELF_CHECK, [job])


def _asked(item: ChecklistItem) -> Asked:
    topic = item.version.checklist.topic
    return Asked(f"{topic}_{item.code}"[:40] if topic else item.code, item)


def _names_of(jobs: Sequence[Job]) -> list[str]:
    """Codes of the jobs' operations and skills: they say which kind of job each is."""
    off = select(TakeOffLine.id).where(TakeOffLine.quotation_line_id == QuotationLine.id)
    query = (
        select(Operation.code)
        .join(QuotationLine, QuotationLine.operation_id == Operation.id)
        .where(QuotationLine.job_id.in_([job.id for job in jobs]), ~off.exists())
    )
    asked = {each for job in jobs for each in job.skills}
    codes = select(Skill.code).where(Skill.id.in_(asked)).order_by(Skill.id)
    return [*session.scalars(query), *(session.scalars(codes) if asked else ())]
