"""What retiring a role waits for."""

from __future__ import annotations

from workshop.errors import N_, Missing, Way
from workshop.staff.models import Role
from workshop.staff.roles import queries


def missing_to_retire(role: Role) -> list[Missing]:
    """Nobody may hold the role, in any branch."""
    count = queries.count_holders().get(role.id, 0)
    if not count:
        return []
    message = N_("%(count)s people hold this role. Give them another one first.")
    way = Way("staff.index", N_("Open the people"))
    return [Missing(message, "held", {"count": count}, way)]
