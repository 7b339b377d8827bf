"""Who does a step's own work, and so is whom its gaps are for."""

from __future__ import annotations

from workshop import steps
from workshop.desk.rules import RIGHT_OF
from workshop.orders.flow import Step
from workshop.staff.permissions import Permission


def right_of(step: Step) -> Permission:
    """The right to do the step's own work; of a step that is new here one that opens its page."""
    known = RIGHT_OF.get(step)
    if known is not None:
        return known
    opening = steps.faces()[step].permissions
    return Permission(min(each.value for each in opening))
