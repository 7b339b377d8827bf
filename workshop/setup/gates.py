"""What a shop lacks for the steps of its day, before a customer stands there."""

from __future__ import annotations

from datetime import date

from workshop.setup import queries
from workshop.setup.lacking import rules
from workshop.setup.lacking.rules import Lack
from workshop.shop.models import Branch


def missing_for(branch: Branch, day: date) -> list[Lack]:
    """What is missing for the ten steps, in their order; each goes away by its fact."""
    return rules.find_lacks(queries.read_facts(branch, day))
