"""On paper: what one person has done though it is for two."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.platypus import Flowable

from workshop import paper
from workshop.db import Model
from workshop.errors import N_
from workshop.shop.separation import service as separation


def notes(record: Model, say: Callable[..., str]) -> list[Flowable]:
    """A line for each exception that stands with the record: the rule, the reason and who.

    `say` translates.
    """
    return [
        paper.note(
            say(
                N_("Exception from “%(rule)s”: %(reason)s (%(name)s)"),
                rule=say(each.rule.label),
                reason=each.reason,
                name=each.by.display_name,
            )
        )
        for each in separation.list_for(record)
    ]
