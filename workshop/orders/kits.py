"""The parts that an operation takes off the shelf: those it names, or the shelf's own of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from workshop.catalogue.models import Operation, OperationPart, PartKind
from workshop.db import session
from workshop.stock.models import Part, PartClass

# What is taken of a kind when nobody has chosen: the dearest class is offered, others are a choice.
_FIRST = list(PartClass)


@dataclass(frozen=True)
class Piece:
    """One thing an operation takes: the part, or None while there is none of its kind."""

    part: Part | None
    kind: PartKind | None
    quantity_milli: int


class Kits:
    """What several operations take; the shelf's parts are read once."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        needs = [need for operation in operations for need in operation.parts]
        self._parts = _named(need.part_id for need in needs)
        self._of_kind = _first_of(need.kind.code for need in needs if need.kind)

    def of(self, operation: Operation, size: str | None) -> list[Piece]:
        """What the operation takes for a car of this class, in its order."""
        return [self._piece(need, need.milli_of(size)) for need in operation.parts]

    def _piece(self, need: OperationPart, milli: int) -> Piece:
        if need.kind is not None:
            return Piece(self._of_kind.get(need.kind.code), need.kind, milli)
        return Piece(self._parts.get(need.part_id or 0), None, milli)

    @property
    def parts(self) -> list[Part]:
        """All parts that any of the operations takes."""
        return [*self._parts.values(), *self._of_kind.values()]


def _named(part_ids: Iterable[int | None]) -> dict[int, Part]:
    wanted = {each for each in part_ids if each is not None}
    return {part.id: part for part in session.scalars(select(Part).where(Part.id.in_(wanted)))}


def _first_of(codes: Iterable[str]) -> dict[str, Part]:
    query = select(Part).where(Part.choice_group.in_(set(codes)), Part.active.is_(True))
    found: dict[str, Part] = {}
    for part in session.scalars(query.order_by(Part.id)):
        known = found.get(part.choice_group or "")
        if known is None or _FIRST.index(part.part_class) < _FIRST.index(known.part_class):
            found[part.choice_group or ""] = part
    return found
