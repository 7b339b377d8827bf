"""Core deposits in a draft: a line of its own for each part whose old one has to come back."""

from __future__ import annotations

from collections import defaultdict

from workshop import money
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import LineKind, Quotation, QuotationLine
from workshop.steps.quotation.queries import Group


def follow(quotation: Quotation) -> None:
    """Let the deposits be those of the parts: one line a part and operation, customers' only.

    A deposit that stands there keeps its amount, as a price does.
    """
    for group in queries.list_groups(quotation):
        pieces = _pieces(group)
        for line in [each for each in group.parts if each.is_core]:
            milli = pieces.pop(line.part_id or 0, 0)
            if milli:
                _set(line, milli)
            else:
                session.delete(line)
        for part_id, milli in pieces.items():
            session.add(_make(quotation, group, part_id, milli))
    session.flush()


def _pieces(group: Group) -> dict[int, int]:
    """By part id: how much of parts with a deposit the customer pays, in thousandths."""
    pieces: dict[int, int] = defaultdict(int)
    for line in group.lines:
        part, is_customers = line.part, line.payer is Payer.CUSTOMER
        if line.is_part and is_customers and part is not None and part.core_deposit_fen:
            pieces[part.id] += line.quantity_milli
    return pieces


def _make(quotation: Quotation, group: Group, part_id: int, milli: int) -> QuotationLine:
    source = next(line for line in group.lines if line.is_part and line.part_id == part_id)
    part = source.part
    assert part is not None
    line = QuotationLine(
        quotation_id=quotation.id,
        position=source.position,
        kind=LineKind.CORE,
        part_id=part_id,
        part_class=part.part_class,
        parent_line_id=group.head.id,
        title_zh=f"旧件押金：{part.name_zh}"[:200],
        title_en=f"Core deposit: {part.name_en}"[:200],
        unit=part.unit,
        unit_fen=part.core_deposit_fen or 0,
        discount_fen=0,
        package_fen=0,
        tax_basis_points=0,
        payer=Payer.CUSTOMER,
    )
    _set(line, milli)
    return line


def _set(line: QuotationLine, milli: int) -> None:
    line.quantity_milli = milli
    line.total_fen = money.parts_fen(line.unit_fen, milli)


def refuse(line: QuotationLine) -> None:
    """Raise RuleBroken for a change of a deposit: it goes with its part."""
    if line.is_core:
        raise RuleBroken(N_("The core deposit goes with its part. Change the part."), code="core")
