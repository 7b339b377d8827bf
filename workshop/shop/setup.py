"""The first things of a shop: a branch with usual hours, skills, and technicians."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.shop import checks
from workshop.shop.models import Branch, OpeningHours, Shift, Skill, Technician
from workshop.staff.models import User

DEFAULT_ZONE = "Asia/Shanghai"

# Skill codes with their names, and what one technician does in one go; a shop may add its own.
SKILLS = (
    ("maintenance", "保养", "Scheduled maintenance", "机修"),
    ("engine", "发动机", "Engine", "机修"),
    ("chassis", "底盘制动", "Chassis and brakes", "机修"),
    ("electrical", "电气", "Electrical", "电气"),
    ("high_voltage", "高压电", "High voltage", "高压电"),
    ("body", "钣金", "Body", "钣金"),
    ("paint", "喷漆", "Paint", "喷漆"),
)


def make_first_branch(name: str, *, at: datetime, zone: str = DEFAULT_ZONE) -> Branch:
    """Make the first branch, open 8–18 from Monday to Saturday; RuleBroken when there is one.

    Raises Invalid without a name, or for a time zone that this computer does not know.
    """
    if has_branch():
        raise RuleBroken(N_("This database already holds a branch."))
    if not name.strip():
        raise Invalid(N_("Enter the name of the workshop."), field="name")
    checks.check_zone(zone)
    branch = Branch(code="main", name=name.strip(), zone=zone, created_at=at)
    session.add(branch)
    session.flush()
    for weekday in range(6):
        session.add(
            OpeningHours(branch_id=branch.id, weekday=weekday, opens=time(8), closes=time(18))
        )
    for code, name_zh, name_en, group in SKILLS:
        session.add(Skill(code=code, name_zh=name_zh, name_en=name_en, work_group=group))
    session.flush()
    return branch


def has_branch() -> bool:
    """Whether the shop is set up."""
    return session.scalar(select(Branch.id)) is not None


def make_technician(user: User) -> Technician:
    """Make a user a technician with the usual shift: 8–12 and 13–18, Monday to Saturday."""
    technician = Technician(branch_id=user.branch_id, user_id=user.id)
    session.add(technician)
    session.flush()
    for weekday, starts, ends in USUAL_WEEK:
        session.add(Shift(user_id=user.id, weekday=weekday, starts=starts, ends=ends))
    session.flush()
    return technician


USUAL_WEEK = tuple(
    (weekday, starts, ends)
    for weekday in range(6)
    for starts, ends in ((time(8), time(12)), (time(13), time(18)))
)
"""The parts of a technician's usual week: weekday, from, until."""


def get_branch(code: str) -> Branch:
    """The branch of this code; raises NotFound."""
    branch = session.scalars(select(Branch).where(Branch.code == code)).one_or_none()
    if branch is None:
        raise NotFound(N_("There is no branch %(branch)s."), branch=code)
    return branch
