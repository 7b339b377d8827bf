"""Work that needs a kind of part of which the shop has none: its price is for the labour alone."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import PartKind
from workshop.errors import N_, RuleBroken, Way
from workshop.orders.kits import Kits, Piece
from workshop.orders.models import RepairOrder
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import Quotation, QuotationLine


def find_pieces(order: RepairOrder, lines: Sequence[QuotationLine]) -> dict[int, list[Piece]]:
    """By line: what its work takes of kinds of part of which there is no part yet."""
    heads = {line.id: line.operation_id for line in lines if line.operation_id is not None}
    operations = {each.id: each for each in catalogue.list_operations(heads.values())}
    kits, size = Kits(operations.values()), order.vehicle.size
    return {
        line_id: [piece for piece in kits.of(operations[operation_id], size) if piece.part is None]
        for line_id, operation_id in heads.items()
    }


def list_kinds(quotation: Quotation) -> list[PartKind]:
    """All such kinds of the quotation, each once."""
    by_line = find_pieces(quotation.order, queries.list_lines(quotation))
    kinds = (piece.kind for pieces in by_line.values() for piece in pieces)
    return list({kind.id: kind for kind in kinds if kind is not None}.values())


def refuse_unsaid(kinds: list[PartKind], without_parts: bool) -> None:
    """Raise RuleBroken when parts are missing and nobody said that the work is offered without."""
    if kinds and not without_parts:
        raise RuleBroken(
            N_(
                "No part of %(kinds)s is known yet, so the price is without it. Take such a part "
                "in, or say that the work is offered without."
            ),
            code="partless",
            way=Way("parts.receipt", N_("Take parts in")),
            kinds=kinds,
        )
