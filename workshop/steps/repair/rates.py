"""Rates and shares of minutes, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping


def percent(part: int, whole: int) -> int | None:
    """A rate in whole percent, rounded half up; None over nothing, which is shown as “—”."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else None


def share(minutes: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Minutes shared by weight, without losing one; equally where all weights are nought."""
    whole = sum(weights.values())
    parts = weights if whole else dict.fromkeys(weights, 1)
    left, weight_left, shares = minutes, whole or len(weights), {}
    for key, weight in sorted(parts.items()):
        shares[key] = left * weight // weight_left if weight_left else 0
        left, weight_left = left - shares[key], weight_left - weight
    return shares
