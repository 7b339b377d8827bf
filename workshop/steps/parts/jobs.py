"""What happens at the parts counter by itself."""

from __future__ import annotations

from sqlalchemy import select

from workshop import clock
from workshop.db import session
from workshop.shop.models import Branch
from workshop.steps.parts import returns, service


def tidy() -> None:
    """Give what has become free to who waits for it; close what is over, so baskets are free."""
    for branch_id in session.scalars(select(Branch.id).order_by(Branch.id)):
        service.serve_waiting(branch_id, at=clock.now())
        returns.close_finished(branch_id, at=clock.now())


JOBS = ((tidy, 60),)
