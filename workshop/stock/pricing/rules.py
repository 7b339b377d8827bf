"""The mark-up: cheap parts carry more of it than dear ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop import money


@dataclass(frozen=True)
class Tier:
    """From this cost in fen on, the price is `percent` hundredths of the cost."""

    from_fen: int
    percent: int


# Usual in Chinese shops: below ¥50 ×1.8, to ¥200 ×1.5, to ¥1,000 ×1.35, above ×1.2.
STARTER = (Tier(0, 180), Tier(50_00, 150), Tier(200_00, 135), Tier(1_000_00 + 1, 120))


def marked_up(cost_fen: int, tiers: Sequence[Tier]) -> int:
    """The price in fen for a cost in fen; the tier with the highest bound that is reached counts.

    A cost below the lowest bound takes the lowest tier.
    """
    ordered = sorted(tiers, key=lambda tier: tier.from_fen)
    reached = [tier for tier in ordered if tier.from_fen <= cost_fen] or ordered[:1]
    return money.round_half_up(cost_fen * reached[-1].percent, 100)


def line_margin_fen(total_fen: int, cost_fen: int | None, quantity_milli: int) -> int | None:
    """What a line brings beyond the cost of its pieces; None while the cost is not known."""
    return None if cost_fen is None else total_fen - money.parts_fen(cost_fen, quantity_milli)


def margin_fen(price_fen: int, cost_fen: int | None) -> int | None:
    """What is earned with a unit, in fen; None while the cost is not known."""
    return None if cost_fen is None else price_fen - cost_fen
