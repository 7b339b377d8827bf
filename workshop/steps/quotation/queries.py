"""What is offered, what was authorised, and what is still open."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import Job, JobState, RepairOrder, Urgency
from workshop.orders.rows import Phase
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.quotation import rules
from workshop.steps.quotation.models import (
    Decision,
    LineKind,
    Quotation,
    QuotationLine,
    QuotationState,
)
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOffLine
from workshop.stock.models import Part, StockLevel
from workshop.stock.parts import queries as register
from workshop.stock.search import queries as part_search


def find_current(order: RepairOrder) -> Quotation | None:
    """The main quotation that counts now, or the last one that was declined."""
    main = (each for each in list_quotations(order) if each.is_main)
    counting = [each for each in main if each.state is not QuotationState.SUPERSEDED]
    return counting[-1] if counting else None


def find_signed(order: RepairOrder) -> Quotation | None:
    """The signed main quotation: the service authorisation."""
    main = (each for each in list_quotations(order) if each.is_main)
    return next((each for each in main if each.state is QuotationState.SIGNED), None)


def find_draft(order: RepairOrder) -> Quotation | None:
    """The quotation of the order that is being written, main or addition."""
    drafts = [each for each in list_quotations(order) if each.state is QuotationState.DRAFT]
    return drafts[-1] if drafts else None


def get_quotation(order: RepairOrder, quotation_id: int) -> Quotation:
    """A quotation of this order; raises NotFound."""
    quotation = session.get(Quotation, quotation_id)
    if quotation is None or quotation.order_id != order.id:
        raise NotFound(N_("There is no such quotation."))
    return quotation


def list_quotations(order: RepairOrder) -> list[Quotation]:
    """All versions and additions of the order, oldest first."""
    return together.list_of(
        order.id,
        "quotations",
        lambda: select(Quotation).order_by(Quotation.id),
        Quotation.order_id,
    )


def list_additions(order: RepairOrder) -> list[Quotation]:
    """The additions of the order that count, oldest first."""
    return [
        each
        for each in list_quotations(order)
        if not each.is_main and each.state is not QuotationState.SUPERSEDED
    ]


def list_to_decide(order: RepairOrder) -> list[Quotation]:
    """What the customer has to decide now: the offer, or the additions that were asked for."""
    return [each for each in list_quotations(order) if each.state is QuotationState.OFFERED]


def list_lines(quotation: Quotation) -> list[QuotationLine]:
    """The lines as they are read: each line followed by the parts that hang on it."""
    query = select(QuotationLine).where(QuotationLine.quotation_id == quotation.id)
    lines = list(session.scalars(query.order_by(QuotationLine.position, QuotationLine.id)))
    return [
        line
        for top in lines
        if top.parent_line_id is None
        for line in (top, *(each for each in lines if each.parent_line_id == top.id))
    ]


def get_line(quotation: Quotation, line_id: int) -> QuotationLine:
    """A line of this quotation; raises NotFound."""
    line = session.get(QuotationLine, line_id)
    if line is None or line.quotation_id != quotation.id:
        raise NotFound(N_("This line is not in the quotation any more."))
    return line


@dataclass
class Group:
    """What is decided together: a line with the parts that hang on it."""

    head: QuotationLine
    parts: list[QuotationLine] = field(default_factory=list)

    @property
    def lines(self) -> list[QuotationLine]:
        return [self.head, *self.parts]

    @property
    def total_fen(self) -> int:
        return sum(line.total_fen for line in self.lines)

    @property
    def work_fen(self) -> int:
        """What the work and its parts cost, without deposits that come back."""
        return sum(line.total_fen for line in self.lines if not line.is_core)

    @property
    def urgency_rank(self) -> int:
        """Red before yellow before the rest."""
        return [Urgency.RED, Urgency.YELLOW, None].index(self.head.urgency)


def list_groups(quotation: Quotation | None) -> list[Group]:
    """The lines grouped by operation, in their order; none without a quotation."""
    groups: list[Group] = []
    for line in list_lines(quotation) if quotation else []:
        if line.parent_line_id is None:
            groups.append(Group(line))
        else:
            groups[-1].parts.append(line)
    return groups


def totals(lines: Iterable[QuotationLine]) -> rules.Totals:
    """What the lines add up to, by kind and payer, in fen."""
    return rules.add_up(
        rules.Amount(
            line.payer.value,
            line.kind.value,
            line.total_fen,
            line.discount_fen,
            line.tax_basis_points,
        )
        for line in lines
    )


def list_authorised_lines(order: RepairOrder) -> list[QuotationLine]:
    """The accepted lines of all signed quotations that are not taken off; main first."""
    column, kinds = Quotation.order_id, {Quotation, QuotationLine, TakeOffLine}
    return together.list_of(order.id, "authorised lines", _authorised, column, kinds)


def _authorised() -> sa.Select[QuotationLine]:
    taken_off = select(TakeOffLine.id).where(TakeOffLine.quotation_line_id == QuotationLine.id)
    return (
        select(QuotationLine)
        .join(Quotation, Quotation.id == QuotationLine.quotation_id)
        .where(
            Quotation.state == QuotationState.SIGNED,
            QuotationLine.decision == Decision.ACCEPTED,
            ~taken_off.exists(),
        )
        .order_by(Quotation.id, QuotationLine.position, QuotationLine.id)
    )


def wants_nothing(order: RepairOrder) -> bool:
    """Whether the customer has decided, and nothing of it is to be done or paid."""
    return order.stage.phase is not Phase.INTAKE and not has_bill(order)


def list_part_lines(order: RepairOrder) -> list[QuotationLine]:
    """The authorised part lines: what may be picked and issued."""
    return [line for line in list_authorised_lines(order) if line.kind is LineKind.PART]


def authorised_fen(order: RepairOrder) -> int:
    """What the customer has agreed to pay so far, in fen, tax included."""
    return totals(list_authorised_lines(order)).customer_fen + taking_off.billed_fen(order)


def has_bill(order: RepairOrder) -> bool:
    """Whether anything is to be billed: what is authorised, or what was done before it was off."""
    off = taking_off.list_off(order)
    return bool(list_authorised_lines(order)) or any(each.billed_fen for each in off)


@dataclass(frozen=True)
class Availability:
    """What the shelf can give of a part, in thousandths, and when more can be here."""

    free_milli: int
    eta: date | None

    def is_enough(self, quantity_milli: int) -> bool:
        """Whether the shelf can give the quantity now."""
        return self.free_milli >= quantity_milli


def list_availability(
    branch: Branch, parts: Iterable[Part], at: datetime
) -> dict[int, Availability]:
    """By part id: what is free at the branch, and the open day on which an order would be here."""
    wanted = {part.id: part for part in parts}
    levels = session.scalars(
        select(StockLevel).where(StockLevel.branch_id == branch.id, StockLevel.part_id.in_(wanted))
    )
    free = {level.part_id: level.free_milli for level in levels}
    today = calendar.local_day(branch, at)
    etas = {days: _arrival(branch, today, days) for days in {p.lead_days for p in wanted.values()}}
    return {
        part_id: Availability(free.get(part_id, 0), etas[part.lead_days])
        for part_id, part in wanted.items()
    }


def _arrival(branch: Branch, today: date, lead_days: int) -> date:
    day = today + timedelta(days=lead_days)
    return day if calendar.is_open(branch, day) else calendar.next_open_day(branch, day)


def arrival_at(branch: Branch, part: Part, at: datetime) -> datetime:
    """When a part that is ordered now should be here: its lead days on, when the shop opens."""
    today = calendar.local_day(branch, at)
    day = _arrival(branch, today, part.lead_days)
    opened = calendar.opening(branch, day)
    return opened[0][0] if day > today else max(opened[-1][1], at)


def get_part(part_id: int) -> Part:
    """An active part; raises NotFound."""
    part = session.get(Part, part_id)
    if part is None or not part.active:
        raise NotFound(N_("There is no such part."))
    return part


def choose_part(branch_id: int, part_id: int, quantity_milli: int) -> Part:
    """The part itself, or what replaces it once the shelf has too little of it; in use."""
    part = session.get(Part, part_id)
    if part is None:
        raise NotFound(N_("There is no such part."))
    return get_part(register.choose(branch_id, part, quantity_milli).id)


def search_parts(text: str, limit: int = 12) -> list[Part]:
    """Active parts in which every word occurs; none without words."""
    meant = part_search.meant_by(text)
    if not meant:
        return []
    query = select(Part).where(Part.active.is_(True), *meant)
    return list(session.scalars(query.order_by(Part.no).limit(limit)))


def list_choices(parts: Iterable[Part]) -> dict[str, list[Part]]:
    """By choice group: the parts of all classes for one purpose, the most expensive first."""
    names = {part.choice_group for part in parts if part.choice_group}
    query = select(Part).where(Part.choice_group.in_(names), Part.active.is_(True))
    choices: dict[str, list[Part]] = {name: [] for name in names if name}
    for part in session.scalars(query.order_by(Part.price_fen.desc(), Part.id)):
        choices[str(part.choice_group)].append(part)
    return choices


def list_costs(line_ids: Collection[int]) -> dict[int, int]:
    """By quotation line: the last cost of a unit of its part, in fen, where it is known."""
    query = select(QuotationLine.id, Part.cost_fen).join(Part, Part.id == QuotationLine.part_id)
    query = query.where(
        QuotationLine.id.in_(line_ids),
        QuotationLine.kind == LineKind.PART,
        Part.cost_fen.is_not(None),
    )
    return {row[0]: int(row[1] or 0) for row in session.execute(query)}


def list_live_jobs(order: RepairOrder) -> list[Job]:
    """The jobs of the order that are not cancelled."""
    query = select(Job).where(Job.order_id == order.id, Job.state != JobState.CANCELLED)
    return list(session.scalars(query.order_by(Job.id)))
