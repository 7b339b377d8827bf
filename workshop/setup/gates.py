"""What a shop still needs for the steps of its day, before a customer stands there."""

from __future__ import annotations

from datetime import date

from workshop.setup import queries
from workshop.setup.gaps import rules
from workshop.setup.gaps.rules import Gap
from workshop.shop.models import Branch


def missing_for(branch: Branch, day: date) -> list[Gap]:
    """What is missing for the ten steps, in their order; each goes away by its fact."""
    return rules.find_gaps(queries.read_facts(branch, day))
