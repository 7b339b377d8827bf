"""Which signed lines one technician does in one go, as it looks when the time is computed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from workshop.allocation.free_time import WorkPiece
from workshop.catalogue import queries as catalogue
from workshop.db import session
from workshop.orders.work import rules
from workshop.orders.work.rules import Candidate, WorkLine
from workshop.shop import queries as shop
from workshop.shop.models import Skill
from workshop.shop.roster import Roster
from workshop.steps.quotation.models import LineKind, QuotationLine

Packages = Sequence[Sequence[int]]
"""The places of the lines in each piece of work."""


def list_work(lines: Sequence[QuotationLine]) -> list[WorkLine]:
    """What the labour lines ask of people and bays, in their order."""
    labour = [line for line in lines if line.kind is LineKind.LABOUR]
    wanted = {line.operation_id for line in labour if line.operation_id is not None}
    operations = {each.id: each for each in catalogue.list_operations(wanted)}
    found = []
    for line in labour:
        operation = operations[line.operation_id or 0]
        found.append(
            WorkLine(
                id=line.id,
                skill_id=operation.skill_id,
                level=operation.level,
                minutes=line.book_minutes,
                bay_kinds=tuple(operation.bay_kinds),
                title_zh=line.title_zh,
                title_en=line.title_en,
            )
        )
    return found


def form(
    work: Sequence[WorkLine],
    lines: Sequence[QuotationLine],
    arrivals: Mapping[int, date],
    roster: Roster,
) -> Packages:
    """The packages of the work; `arrivals` by the id of each part that the shelf has not."""
    groups = _groups_of({line.skill_id for line in work if line.skill_id is not None})
    waits = _waits(lines, arrivals)
    candidates = [
        Candidate(line, groups.get(line.skill_id or 0), waits.get(line.id or 0)) for line in work
    ]
    return rules.form(candidates, _hands(roster))


def singly(work: Sequence[WorkLine]) -> Packages:
    """Each line alone."""
    return [[place] for place in range(len(work))]


def pieces_of(work: Sequence[WorkLine], packages: Packages) -> list[WorkPiece]:
    """What the packages ask of people and bays."""
    return [piece_of([work[each] for each in places]) for places in packages]


def piece_of(lines: Sequence[WorkLine]) -> WorkPiece:
    """What the lines ask together of one technician and one bay."""
    skill_id, level = rules.lead_of(lines)
    minutes = sum(line.minutes for line in lines)
    return WorkPiece(
        minutes, skill_id, level, rules.common_bays(lines) or (), rules.skills_of(lines)
    )


def _groups_of(skill_ids: Collection[int]) -> dict[int, str | None]:
    query = select(Skill).where(Skill.id.in_(skill_ids))
    return {skill.id: skill.work_group for skill in session.scalars(query)} if skill_ids else {}


def _waits(lines: Sequence[QuotationLine], arrivals: Mapping[int, date]) -> dict[int, date]:
    """By labour line: the day on which the last part of it is here, if it is not here now."""
    found: dict[int, date] = {}
    for line in lines:
        arrives = arrivals.get(line.part_id or 0) if line.is_part else None
        if arrives is not None and line.parent_line_id is not None:
            found[line.parent_line_id] = max(arrives, found.get(line.parent_line_id, arrives))
    return found


def _hands(roster: Roster) -> Callable[[Mapping[int, int]], Collection[int]]:
    def hands(needed: Mapping[int, int]) -> Collection[int]:
        return [
            each.id
            for each in roster.technicians
            if shop.can_do(roster.held.get(each.id, {}), needed, roster.first)
        ]

    return hands
