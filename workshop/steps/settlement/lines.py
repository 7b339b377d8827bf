"""The lines of a bill: what was authorised and used, and what is done at somebody else's cost."""

from __future__ import annotations

from collections.abc import Iterable

from workshop import money
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Payer
from workshop.catalogue.rules import PriceList
from workshop.db import session
from workshop.orders.models import Job, JobKind, JobState, RepairOrder
from workshop.shop import calendar
from workshop.steps.parts import queries as parts
from workshop.steps.parts.cores import queries as cores
from workshop.steps.quotation.models import LineKind, QuotationLine
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOffLine
from workshop.steps.repair import queries as repair
from workshop.steps.settlement import queries, rules
from workshop.steps.settlement.models import Settlement, SettlementLine


def add_lines(settlement: Settlement, authorised: Iterable[QuotationLine]) -> None:
    """Bill the authorised lines that were carried out, and keep the cost of work done again."""
    order = settlement.order
    lines = [_bill(line) for line in authorised]
    lines += [_bill_done(each) for each in taking_off.list_off(order)]
    day = calendar.local_day(order.branch, settlement.made_at)
    prices = catalogue.price_list(order.branch_id, day)
    lines += [
        _cost_of_rework(order, job, prices) for job in repair.list_jobs(order) if _is_rework(job)
    ]
    position = 0
    for line in lines:
        if line is not None:
            position += 1
            line.settlement_id, line.position = settlement.id, position
            session.add(line)
    session.flush()
    sum_up(settlement)


def _bill(line: QuotationLine) -> SettlementLine | None:
    job = parts.job_of(line)
    if job is not None and job.state is JobState.CANCELLED:
        return None
    used_milli = line.quantity_milli
    if line.kind is LineKind.PART:
        used_milli = min(line.quantity_milli, parts.issued_milli(line.id))
    if line.is_core:
        used_milli = cores.issued_milli(line)
    if used_milli == 0:
        return None
    agreed_fen = rules.billed_fen(line.total_fen, line.quantity_milli, used_milli)
    return _billed(line, agreed_fen, used_milli, line.book_minutes)


def _bill_done(off: TakeOffLine) -> SettlementLine | None:
    """What was done of a line before the customer took it off, unless it was waived."""
    line = off.line
    if off.billed_fen == 0:
        return None
    quantity_milli = off.done if line.is_part else line.quantity_milli
    book_minutes = off.done if line.is_labour else line.book_minutes
    billed = _billed(line, off.billed_fen, quantity_milli, book_minutes)
    if not line.is_part:
        # Work that was not finished carries no guarantee.
        billed.guarantee = None
    return billed


def _billed(
    line: QuotationLine, agreed_fen: int, quantity_milli: int, book_minutes: int | None
) -> SettlementLine:
    return SettlementLine(
        quotation_line_id=line.id,
        kind=line.kind,
        payer=line.payer,
        code=_code(line),
        title_zh=line.title_zh,
        title_en=line.title_en,
        brand=line.part.brand if line.part else "",
        part_class=line.part_class,
        unit=line.unit,
        quantity_milli=quantity_milli,
        book_minutes=book_minutes,
        unit_fen=line.unit_fen,
        agreed_fen=agreed_fen,
        discount_fen=0,
        total_fen=agreed_fen,
        tax_basis_points=line.tax_basis_points,
        tax_fen=money.tax_included(agreed_fen, line.tax_basis_points),
        guarantee=line.guarantee,
    )


def _code(line: QuotationLine) -> str:
    if line.part is not None:
        return line.part.no
    return catalogue.get_operation(line.operation_id).code if line.operation_id else ""


def _is_rework(job: Job) -> bool:
    return job.kind is JobKind.REWORK and job.state is JobState.DONE


def _cost_of_rework(order: RepairOrder, job: Job, prices: PriceList) -> SettlementLine:
    """Work done again costs the customer nothing; its value is kept as the shop's own cost."""
    rate_fen = prices.hour_fen("standard", Payer.INTERNAL.value) or 0
    total_fen = money.labour_fen(job.book_minutes, rate_fen)
    return SettlementLine(
        job_id=job.id,
        kind=LineKind.LABOUR,
        payer=Payer.INTERNAL,
        title_zh=job.title_zh,
        title_en=job.title_en,
        quantity_milli=1000,
        book_minutes=job.book_minutes,
        unit_fen=rate_fen,
        agreed_fen=total_fen,
        discount_fen=0,
        total_fen=total_fen,
        tax_basis_points=order.branch.tax_basis_points,
        tax_fen=money.tax_included(total_fen, order.branch.tax_basis_points),
    )


def list_customer_lines(settlement: Settlement) -> list[SettlementLine]:
    """The lines that the customer pays and that a discount can lower: no deposits."""
    return [
        line
        for line in queries.list_lines(settlement)
        if line.payer is Payer.CUSTOMER and line.kind is not LineKind.CORE
    ]


def discount(settlement: Settlement, discount_fen: int) -> None:
    """Part a discount over the customer's lines, in the place of any earlier one."""
    lines = list_customer_lines(settlement)
    shares = rules.spread(discount_fen, [line.agreed_fen for line in lines])
    for line, share in zip(lines, shares, strict=True):
        line.discount_fen = share
        line.total_fen = line.agreed_fen - share
        line.tax_fen = money.tax_included(line.total_fen, line.tax_basis_points)
    session.flush()
    sum_up(settlement)


def add_red_lines(red: Settlement, original: Settlement) -> None:
    """Repeat the lines of a version with all amounts negative."""
    for line in queries.list_lines(original):
        session.add(
            SettlementLine(
                settlement_id=red.id,
                quotation_line_id=line.quotation_line_id,
                job_id=line.job_id,
                position=line.position,
                kind=line.kind,
                payer=line.payer,
                code=line.code,
                title_zh=line.title_zh,
                title_en=line.title_en,
                brand=line.brand,
                part_class=line.part_class,
                unit=line.unit,
                quantity_milli=-line.quantity_milli,
                book_minutes=line.book_minutes,
                unit_fen=line.unit_fen,
                agreed_fen=-line.agreed_fen,
                discount_fen=-line.discount_fen,
                total_fen=-line.total_fen,
                tax_basis_points=line.tax_basis_points,
                tax_fen=-line.tax_fen,
                guarantee=line.guarantee,
            )
        )
    session.flush()
    sum_up(red)


def sum_up(settlement: Settlement) -> None:
    """Write the sums of the lines on the settlement; a total is Σ of its lines."""
    sums = queries.add_up(queries.list_lines(settlement))
    settlement.total_fen = sums.total_fen
    settlement.customer_fen = sums.by_account.get(rules.Account.CUSTOMER, 0)
    settlement.labour_fen = sums.labour_fen
    settlement.parts_fen = sums.parts_fen
    settlement.other_fen = sums.other_fen
    settlement.discount_fen = sums.discount_fen
    settlement.tax_fen = sums.tax_fen
