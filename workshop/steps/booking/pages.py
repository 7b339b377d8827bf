"""What all pages of the step hang on: the blueprint, and the branch of who asks."""

from __future__ import annotations

from flask import g

from workshop import web
from workshop.shop.models import Branch

bp = web.blueprint("booking", __name__)


def branch_of_request() -> Branch:
    """The branch of the person who asks."""
    branch: Branch = g.branch
    return branch
