"""What stands in the way of helping with a piece of work."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.shop.rules import Span


def missing_to_help(*, is_away: bool, taken: Span | None) -> list[Missing]:
    """Why a technician cannot help with a piece of work: nothing, or the first reason.

    `is_away`: not at work for some of it; `taken`: what else of the technician's time meets it.
    """
    if is_away:
        return [Missing(N_("not at work then"), "away")]
    if taken is None:
        return []
    return [Missing(N_("taken until %(until)s"), "taken", {"until": taken[1]})]
