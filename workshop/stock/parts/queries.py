"""The register of parts: found by any of their numbers or words; what replaces what."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock.models import Part, StockLevel
from workshop.stock.search import queries as part_search


def get_part(part_id: int) -> Part:
    """The part, retired or not; raises NotFound."""
    part = session.get(Part, part_id)
    if part is None:
        raise NotFound(N_("There is no such part."))
    return part


def search(branch_id: int, text: str, *, retired: bool = False) -> sa.Select[Part, StockLevel]:
    """Which parts, each with its level at the branch or None, by number.

    Every word typed occurs in a number — ours, the maker's, a supplier's, the barcode — in a
    name, the brand, what it fits or the bin.
    """
    at_branch = (StockLevel.part_id == Part.id) & (StockLevel.branch_id == branch_id)
    query = select(Part, StockLevel).outerjoin(StockLevel, at_branch)
    query = query.where(Part.active.is_(not retired), *part_search.meant_by(text, branch_id))
    return query.order_by(Part.no)


def list_groups() -> list[str]:
    """The kinds of parts that are in use, for who makes another."""
    query = select(Part.choice_group).where(Part.choice_group.is_not(None)).distinct()
    return [str(each) for each in session.scalars(query.order_by(Part.choice_group))]


def list_successors(part: Part) -> list[Part]:
    """What replaces the part, and what replaces that, to the newest."""
    found: list[Part] = []
    following = part.successor_id
    # The service refuses a circle; a list that ends is safe even if somebody made one by hand.
    while following is not None and following not in {each.id for each in (part, *found)}:
        found.append(session.get_one(Part, following))
        following = found[-1].successor_id
    return found


def list_replaced(part: Part) -> list[Part]:
    """The parts that this one replaces directly."""
    return list(session.scalars(select(Part).where(Part.successor_id == part.id).order_by(Part.no)))


def replaced_nos(part_ids: Iterable[int]) -> dict[int, list[str]]:
    """By part id: the numbers of the parts that it replaces directly."""
    query = select(Part.successor_id, Part.no).where(Part.successor_id.in_(set(part_ids)))
    found: dict[int, list[str]] = {}
    for part_id, no in session.execute(query.order_by(Part.no)):
        found.setdefault(part_id or 0, []).append(no)
    return found


def choose(branch_id: int, part: Part, quantity_milli: int) -> Part:
    """The part that is sold when this one is asked for: the first of its line that the shelf has
    enough of, old stock first; else the newest that is in use.
    """
    line = [each for each in (part, *list_successors(part)) if each.active]
    if len(line) < 2:
        return line[0] if line else part
    free = _free_milli(branch_id, line)
    enough = (each for each in line if free.get(each.id, 0) >= quantity_milli)
    return next(enough, line[-1])


def _free_milli(branch_id: int, parts: Iterable[Part]) -> dict[int, int]:
    query = select(StockLevel).where(
        StockLevel.branch_id == branch_id, StockLevel.part_id.in_([part.id for part in parts])
    )
    return {level.part_id: level.free_milli for level in session.scalars(query)}
