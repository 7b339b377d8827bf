"""What the pages of the step share: the blueprint, the branch of who asks, warnings."""

from __future__ import annotations

from flask import flash, g
from flask_babel import gettext

from workshop import web
from workshop.customers.models import Vehicle
from workshop.shop.models import Branch

bp = web.blueprint("booking", __name__)


def branch_of_request() -> Branch:
    """The branch of the person who asks."""
    branch: Branch = g.branch
    return branch


def warn_of(vehicle: Vehicle) -> None:
    """Say on the next page what looks odd about a car that was just typed; it never blocks."""
    for warning in vehicle.warnings:
        flash(gettext(warning), "warn")
