"""What replaces a part: old → new, followed to the newest, never round in a circle."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock.models import Part
from workshop.stock.parts import queries


def replace(part: Part, successor: Part | None, *, by: User, at: datetime) -> None:
    """Say which part replaces this one, None for none; old stock is sold first.

    Raises RuleBroken when the line of replacements would lead back to this part.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    # One at a time: two halves of a circle could else be closed at once.
    db.lock("succession", 0)
    session.flush()
    session.expire_all()
    line = [successor, *queries.list_successors(successor)] if successor is not None else []
    if any(each.id == part.id for each in line):
        raise RuleBroken(
            N_("That would go round in a circle: %(line)s."),
            code="circle",
            field="successor_no",
            line=" → ".join(each.no for each in (part, *line)),
        )
    was = part.successor_id
    part.successor_id = successor.id if successor else None
    audit.write(by, "stock.replace_part", part, at, successor_id=part.successor_id, was=was)
    session.flush()
