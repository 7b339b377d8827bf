"""Prices are set for a day and taken back before it; the mark-up is the branch's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.money import format_fen
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import shelf
from workshop.stock.models import Part
from workshop.stock.pricing import queries, rules
from workshop.stock.pricing.models import MarkupTier, PartPrice
from workshop.stock.pricing.rules import Tier
from workshop.web import versions

BELOW_COST = N_("The price is below what the part costs us. Say that you mean it, or say why.")


def set_price(
    part: Part,
    price_fen: int,
    valid_from: date,
    reason: str = "",
    *,
    today: date,
    is_meant: bool = False,
    by: User,
    at: datetime,
) -> PartPrice:
    """Let the part cost so many fen a unit from a day of the shop's calendar on.

    What was offered or signed before keeps its price. Raises Invalid for a day in the past,
    RuleBroken (`below_cost`) below the cost, unless it is meant or there is a reason.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    shelf.lock_parts([part.id])
    if price_fen < 0:
        raise Invalid(N_("A price cannot be negative."), field="price")
    if valid_from < today:
        raise Invalid(N_("A price cannot begin in the past."), field="valid_from")
    refuse_below_cost(price_fen, part.cost_fen, is_meant=is_meant, reason=reason)
    was = queries.price_on(part, valid_from)
    row = _write(part, price_fen, valid_from, reason, by=by, at=at)
    told = {"price_fen": price_fen, "valid_from": valid_from.isoformat(), "reason": row.reason}
    audit.write(by, "stock.set_price", part, at, **told, was=was)
    return row


def refuse_below_cost(
    price_fen: int, cost_fen: int | None, *, is_meant: bool, reason: str = ""
) -> None:
    """Raise RuleBroken for a price below the cost that nobody means and nobody explains."""
    if cost_fen is not None and price_fen < cost_fen and not is_meant and not reason.strip():
        raise RuleBroken(BELOW_COST, code="below_cost", field="is_meant")


def _write(
    part: Part, price_fen: int, valid_from: date, reason: str, *, by: User, at: datetime
) -> PartPrice:
    row = PartPrice(
        part_id=part.id,
        valid_from=valid_from,
        price_fen=price_fen,
        reason=reason.strip()[:200],
        at=at,
        by_id=by.id,
    )
    session.add(row)
    session.flush()
    return row


def follow_cost(part: Part, branch_id: int, *, today: date, by: User, at: datetime) -> None:
    """Let the price of a marked-up part follow its cost, from today on."""
    if not part.is_marked_up or part.cost_fen is None:
        return
    wanted = rules.marked_up(part.cost_fen, queries.list_tiers(branch_id))
    if wanted != queries.price_on(part, today):
        _write(part, wanted, today, N_("Mark-up on the cost"), by=by, at=at)


def take_back(
    row: PartPrice, part: Part, reason: str, *, today: date, by: User, at: datetime
) -> PartPrice:
    """Take a price back that has not begun. Raises RuleBroken once it has, or was taken back."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    shelf.lock_parts([part.id])
    if row.takes_back_id is not None or row.id in queries.list_taken_back(part):
        raise RuleBroken(N_("This price is taken back already."), code="taken_back")
    if row.valid_from <= today:
        raise RuleBroken(
            N_("This price counts already. Set another one from today on."), code="price_counts"
        )
    back = PartPrice(
        part_id=part.id,
        valid_from=row.valid_from,
        price_fen=row.price_fen,
        reason=reason.strip()[:200],
        takes_back_id=row.id,
        at=at,
        by_id=by.id,
    )
    session.add(back)
    told = {"price_fen": row.price_fen, "valid_from": row.valid_from.isoformat()}
    audit.write(by, "stock.take_back_price", part, at, **told, reason=back.reason)
    session.flush()
    return back


def state_of_tiers(tiers: Sequence[Tier]) -> versions.State:
    """What people see of the mark-up, to notice a stale page."""
    words = (f"{format_fen(tier.from_fen)} ×{tier.percent / 100:g}" for tier in tiers)
    return {N_("Mark-up"): ", ".join(words)}


def set_tiers(
    branch_id: int, tiers: Sequence[Tier], *, seen: str | None = None, by: User, at: datetime
) -> MarkupTier:
    """Set the branch's mark-up; prices change when their cost does, or are set again.

    Raises Invalid without a tier from 0 on, for a bound that is there twice and for a factor below
    one, Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    db.lock("markup", branch_id)
    was = queries.list_tiers(branch_id)
    wanted = sorted(tiers, key=lambda tier: tier.from_fen)
    versions.refuse_stale(seen, state_of_tiers(was), state_of_tiers(wanted))
    _check(wanted)
    for row in session.scalars(select(MarkupTier).where(MarkupTier.branch_id == branch_id)):
        session.delete(row)
    session.flush()
    rows = [
        MarkupTier(branch_id=branch_id, from_fen=tier.from_fen, percent=tier.percent)
        for tier in wanted
    ]
    session.add_all(rows)
    said = {"tiers": _numbers(wanted), "was": _numbers(was)}
    audit.write(by, "stock.set_markup", rows[0], at, **said)
    session.flush()
    return rows[0]


def _numbers(tiers: Sequence[Tier]) -> list[list[int]]:
    return [[tier.from_fen, tier.percent] for tier in tiers]


def _check(tiers: Sequence[Tier]) -> None:
    if not tiers or tiers[0].from_fen != 0:
        raise Invalid(N_("The first step of the mark-up begins at a cost of 0."))
    if len({tier.from_fen for tier in tiers}) != len(tiers):
        raise Invalid(N_("Two steps of the mark-up begin at the same cost."))
    if any(not 100 <= tier.percent <= 10_000 for tier in tiers):
        raise Invalid(N_("A factor of the mark-up is from 1 to 100."))
