"""What is written for a new person: a sign-in with roles, a place on the board, skills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.setup.imports.kind import AT, LOCALE, ONCE, Put, Ref
from workshop.setup.imports.models import ImportChange
from workshop.shop import setup
from workshop.staff.models import Role, User
from workshop.staff.permissions import RoleName


@dataclass(frozen=True)
class Level:
    """A level in a skill, and the last day of its certificate if one is told."""

    level: int
    expires_on: date | None = None


@dataclass(frozen=True)
class Newcomer:
    """All that a row says of somebody who is not here yet."""

    line: int
    branch_id: int
    name: str
    username: str
    phone: str
    roles: Sequence[Role]
    skills: Mapping[int, Level]
    team: str = ""


def make(who: Newcomer) -> tuple[Put, ...]:
    """The rows of a new person; a technician gets a place on the board with the usual shift."""
    user = Ref(f"user:{who.line}")
    made = Put(
        "user",
        {
            "branch_id": who.branch_id,
            "username": who.username,
            "display_name": who.name,
            "phone": who.phone or None,
            # Nobody signs in before the link on the card was used.
            "password": None,
            "active": True,
            "locale": LOCALE,
            "fs_uniquifier": ONCE,
            "created_at": AT,
        },
        ref=user.name,
    )
    roles = [
        Put("role_user", {"role_id": each.id, "user_id": user}, part_of=user) for each in who.roles
    ]
    return made, *roles, *_on_board(who, user)


def _on_board(who: Newcomer, user: Ref) -> Iterator[Put]:
    if not any(each.counts_as(RoleName.TECHNICIAN) for each in who.roles):
        return
    technician = Ref(f"technician:{who.line}")
    values = {"branch_id": who.branch_id, "user_id": user, "active": True, "team": who.team}
    yield Put("technician", values, ref=technician.name, part_of=user)
    for skill_id, held in who.skills.items():
        yield put_skill(technician, skill_id, held, user)
    for weekday, starts, ends in setup.USUAL_WEEK:
        hours = {"user_id": user, "weekday": weekday, "starts": starts, "ends": ends}
        yield Put("shift", hours, part_of=user)


def put_skill(
    technician: int | Ref, skill_id: int, held: Level, part_of: Ref | tuple[str, int]
) -> Put:
    """A skill that the technician has not had."""
    values = {
        "technician_id": technician,
        "skill_id": skill_id,
        "level": held.level,
        "expires_on": held.expires_on,
    }
    return Put("technician_skill", values, part_of=part_of)


def tell(batch_id: int) -> dict[str, Any]:
    """Who got a sign-in, with which roles: the trail says it of each."""
    made = select(ImportChange.row_id).where(
        ImportChange.batch_id == batch_id, ImportChange.table_name == "user", ImportChange.is_new
    )
    users = session.scalars(select(User).where(User.id.in_(made)).order_by(User.id))
    said = [
        f"{each.display_name} ({each.username}): {', '.join(role.name for role in each.roles)}"
        for each in users
    ]
    return {"people": said}
