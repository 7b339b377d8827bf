"""Steps of set-up that a shop does without are put away, and taken out again."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.setup import queries
from workshop.setup.models import PutAway
from workshop.setup.rules import SetupStep
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def put_away(branch: Branch, step: SetupStep, *, by: User, at: datetime) -> PutAway:
    """Put a step away, or the whole list. Raises RuleBroken for what is put away already."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    db.lock("setup", branch.id)
    if queries.find_put_away(branch, step) is not None:
        raise RuleBroken(N_("This is put away already."), code="away")
    made = PutAway(branch_id=branch.id, step=step, by_id=by.id, at=at)
    session.add(made)
    audit.write(by, "setup.put_away", made, at, step=step.value)
    return made


def take_out(branch: Branch, step: SetupStep, *, by: User, at: datetime) -> None:
    """Take a step, or the whole list, out again. Raises RuleBroken when it is not put away."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    db.lock("setup", branch.id)
    found = queries.find_put_away(branch, step)
    if found is None:
        raise RuleBroken(N_("This is not put away."), code="not_away")
    audit.write(by, "setup.take_out", found, at, step=step.value)
    session.delete(found)
