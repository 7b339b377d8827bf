"""Technicians: who is one, what they may do and until when, and when they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken, Way
from workshop.shop import queries, setup
from workshop.shop import week as weeks
from workshop.shop.models import Branch, Shift, Skill, Technician, TechnicianSkill
from workshop.shop.week import Week
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.web import versions
from workshop.web.versions import State

HIGHEST_LEVEL = 5


@dataclass(frozen=True)
class Held:
    """A level in a skill, and the day on which its certificate expires, if it does."""

    level: int
    expires_on: date | None = None


def list_candidates(branch: Branch) -> list[User]:
    """Who has the role of a technician and no place on the board yet."""
    known = set(session.scalars(select(Technician.user_id)))
    people = staff.list_users(branch.id, RoleName.TECHNICIAN)
    return [user for user in people if user.id not in known]


def list_all(branch: Branch) -> list[Technician]:
    """All technicians, those who are off the board last."""
    query = select(Technician).where(Technician.branch_id == branch.id)
    found = session.scalars(query)
    return sorted(found, key=lambda each: (not is_on_board(each), each.name, each.id))


def is_on_board(technician: Technician) -> bool:
    """Whether the board gives this technician work."""
    return technician.active and technician.user.active


def get_technician(technician_id: int, branch: Branch) -> Technician:
    """The technician of this branch, also one who is off the board; raises NotFound."""
    technician = session.get(Technician, technician_id)
    if technician is None or technician.branch_id != branch.id:
        raise NotFound(N_("There is no such technician."))
    return technician


def make_technician(user: User, *, by: User, at: datetime) -> Technician:
    """Give a person a place on the board, with the usual shift and no skill yet.

    Raises RuleBroken for who has none of the role, or has a place already.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    if not user.is_(RoleName.TECHNICIAN):
        raise RuleBroken(
            N_("Give this person the role of a technician first."),
            code="role",
            way=Way("staff.person", N_("Open the person"), {"user_id": user.id}),
        )
    if queries.find_technician(user) is not None:
        raise RuleBroken(N_("This person is on the board already."), code="on_board")
    technician = setup.make_technician(user)
    audit.write(by, "shop.make_technician", technician, at)
    return technician


def put_on_board(technician: Technician, on_board: bool, *, by: User, at: datetime) -> None:
    """Take a technician off the board, or put them on it again; what is planned stays and shows."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    technician.active = on_board
    audit.write(by, "shop.put_on_board", technician, at, on_board=on_board)


def set_team(
    technician: Technician, team: str, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Say with whom the technician works. Raises Conflict when the page was stale."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    plain = team.strip()
    versions.refuse_stale(seen, team_of(technician.team), team_of(plain))
    was, technician.team = technician.team, plain
    audit.write(by, "shop.set_team", technician, at, team=plain, was=was)


def team_of(team: str) -> State:
    """What people see of the team, to notice a stale page."""
    return {N_("Team"): team}


def list_teams(branch: Branch) -> list[str]:
    """The teams of the branch's technicians, by name."""
    query = select(Technician.team).where(Technician.branch_id == branch.id, Technician.team != "")
    return sorted(set(session.scalars(query)))


def skills_of(technician: Technician) -> dict[int, Held]:
    """What the technician holds, by skill id."""
    held = queries.held_by(technician).items()
    return {skill_id: Held(each.level, each.expires_on) for skill_id, each in held}


def state_of(skills: Mapping[int, Held]) -> State:
    """What people see of the skills, to notice a stale page."""
    names = {skill.id: f"{skill.name_zh} / {skill.name_en}" for skill in queries.list_skills()}
    return {
        names[skill_id]: [each.level, each.expires_on] if each.expires_on else [each.level]
        for skill_id, each in sorted(skills.items())
    }


def set_skills(
    technician: Technician,
    skills: Mapping[int, Held],
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Say what the technician may do; a skill that is missing is held no more.

    An expired certificate closes its jobs to them. Raises Invalid for a level that does not exist,
    Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    was = skills_of(technician)
    versions.refuse_stale(seen, state_of(was), state_of(skills))
    if any(not 1 <= each.level <= HIGHEST_LEVEL for each in skills.values()):
        raise Invalid(N_("A level lies between 1 and 5."))
    known = queries.skills_of([technician])[technician.id]
    for skill_id, gone in known.items():
        if skill_id not in skills:
            session.delete(gone)
    for skill_id, each in skills.items():
        row = known.get(skill_id) or TechnicianSkill(technician_id=technician.id, skill_id=skill_id)
        row.level, row.expires_on = each.level, each.expires_on
        session.add(row)
    audit.write(by, "shop.set_skills", technician, at, skills=_told(skills), was=_told(was))


def _told(skills: Mapping[int, Held]) -> dict[str, int]:
    codes = {skill.id: skill.code for skill in queries.list_skills()}
    return {codes[skill_id]: each.level for skill_id, each in skills.items()}


def shifts_of(user: User) -> dict[int, list[tuple[time, time]]]:
    """When the person works, by weekday."""
    query = select(Shift).where(Shift.user_id == user.id)
    found: dict[int, list[tuple[time, time]]] = {}
    for each in session.scalars(query.order_by(Shift.weekday, Shift.starts)):
        found.setdefault(each.weekday, []).append((each.starts, each.ends))
    return found


def set_shifts(
    user: User, shifts: Week, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Set when the person works each week; the gap between two parts is the break.

    What is planned outside stays and shows as an alarm. Raises Invalid for parts that overlap,
    Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    was = shifts_of(user)
    versions.refuse_stale(seen, weeks.state_of(was), weeks.state_of(shifts))
    weeks.check(shifts)
    for known in session.scalars(select(Shift).where(Shift.user_id == user.id)):
        session.delete(known)
    session.flush()
    for weekday, spans in shifts.items():
        for starts, ends in spans:
            session.add(Shift(user_id=user.id, weekday=weekday, starts=starts, ends=ends))
    week = weeks.as_text(shifts)
    audit.write(by, "shop.set_shifts", user, at, week=week, was=weeks.as_text(was))


def add_skill(name_zh: str, name_en: str, *, by: User, at: datetime) -> Skill:
    """Add a kind of work that not everybody may do. Raises Invalid without both names."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    for name, field in ((name_zh, "name_zh"), (name_en, "name_en")):
        if not name.strip():
            raise Invalid(N_("Enter the name in both languages."), field=field)
    number = len(queries.list_skills()) + 1
    skill = Skill(code=f"skill{number}", name_zh=name_zh.strip(), name_en=name_en.strip())
    session.add(skill)
    audit.write(by, "shop.add_skill", skill, at, name=skill.name_en)
    return skill
