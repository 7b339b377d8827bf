"""The facts of a shop that its set-up is told from, in few and cheap questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Select, func, select

from workshop.catalogue import queries as catalogue
from workshop.catalogue.checklists.models import Checklist
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.models import Operation, OperationPart, Package, PartKind
from workshop.db import session
from workshop.screen.models import ScreenDevice
from workshop.setup.models import PutAway
from workshop.setup.rules import Facts, Hand, Named, Person, SetupStep, Work
from workshop.shop import queries as shop
from workshop.shop.models import (
    BayKind,
    Branch,
    CalendarDay,
    OpeningHours,
    Shift,
    Skill,
    Technician,
    TechnicianSkill,
)
from workshop.staff.models import Role, User, role_user
from workshop.staff.permissions import Permission
from workshop.steps.booking.models import Appointment
from workshop.steps.settlement.models import Settlement
from workshop.stock.models import Part
from workshop.stock.suppliers.models import Supplier

_WORDS = (Use.SCRIPT, Use.FORBIDDEN, Use.CLOSING)


def read_facts(branch: Branch, day: date) -> Facts:
    """What `gaps.rules.find_gaps` has to know of the branch on this day."""
    hours = select(OpeningHours.id).where(OpeningHours.branch_id == branch.id)
    return Facts(
        day=day,
        is_ever_open=session.scalar(hours.limit(1)) is not None,
        people=_people(branch),
        hands=_hands(branch),
        bay_kinds=frozenset(bay.kind.value for bay in shop.list_bays(branch))
        - {BayKind.WASH.value},
        rates=frozenset(catalogue.list_rates(branch.id, day)),
        work=_work(),
        partless=_partless(),
        skills=_skills(),
        kinds={kind.value: kind for kind in BayKind},
        not_apart=frozenset(branch.not_apart),
    )


def _skills() -> dict[int, Named]:
    query = select(Skill.id, Skill.code, Skill.name_zh, Skill.name_en)
    return {skill_id: Named(*names) for skill_id, *names in session.execute(query)}


def _people(branch: Branch) -> tuple[Person, ...]:
    query = (
        select(
            User.id,
            User.display_name,
            User.password,
            # An own role counts as the preset that it was copied from.
            func.coalesce(Role.copied_from, Role.name),
            Role.permissions,
        )
        .join(role_user, role_user.c.user_id == User.id)
        .join(Role, role_user.c.role_id == Role.id)
        .where(User.branch_id == branch.id, User.active.is_(True))
        .order_by(User.display_name, User.id)
    )
    roles: dict[tuple[int, str, bool], list[tuple[str, list[str]]]] = defaultdict(list)
    for user_id, name, password, role, permissions in session.execute(query):
        roles[user_id, name, bool(password)].append((role, permissions))
    return tuple(
        Person(user_id, name, frozenset(role for role, _ in held), _rights(held), signed_in)
        for (user_id, name, signed_in), held in roles.items()
    )


def _rights(held: Iterable[tuple[str, list[str]]]) -> frozenset[Permission]:
    return frozenset(Permission(name) for _, names in held for name in names)


def _hands(branch: Branch) -> tuple[Hand, ...]:
    has_shift = select(Shift.id).where(Shift.user_id == Technician.user_id).exists()
    query = (
        select(
            Technician.user_id,
            has_shift,
            TechnicianSkill.skill_id,
            TechnicianSkill.level,
            TechnicianSkill.expires_on,
        )
        .join(User, Technician.user_id == User.id)
        .outerjoin(TechnicianSkill, TechnicianSkill.technician_id == Technician.id)
        .where(
            Technician.branch_id == branch.id, Technician.active.is_(True), User.active.is_(True)
        )
    )
    held: dict[tuple[int, bool], dict[int, tuple[int, date | None]]] = defaultdict(dict)
    for user_id, works, skill_id, level, expires_on in session.execute(query):
        skills = held[user_id, works]
        if skill_id is not None:
            skills[skill_id] = (level, expires_on)
    return tuple(Hand(user_id, skills, works) for (user_id, works), skills in held.items())


def _work() -> tuple[Work, ...]:
    query = select(
        Operation.code,
        Operation.skill_id,
        Operation.level,
        Operation.bay_kinds,
        Operation.rate_code,
    ).where(Operation.active.is_(True))
    return tuple(
        Work(code, skill_id, level, tuple(kinds), rate)
        for code, skill_id, level, kinds, rate in session.execute(query.order_by(Operation.code))
    )


def _partless() -> tuple[tuple[Named, str], ...]:
    asked = (
        select(OperationPart.kind_id, func.min(Operation.code).label("code"))
        .join(Operation, OperationPart.operation_id == Operation.id)
        .where(Operation.active.is_(True))
        .group_by(OperationPart.kind_id)
        .subquery()
    )
    serves = select(Part.id).where(Part.choice_group == PartKind.code, Part.active.is_(True))
    query = (
        select(PartKind.code, PartKind.name_zh, PartKind.name_en, asked.c.code)
        .join(asked, asked.c.kind_id == PartKind.id)
        .where(~serves.exists())
        .order_by(PartKind.id)
    )
    return tuple((Named(*names), code) for *names, code in session.execute(query))


def count_things(branch: Branch, day: date) -> dict[str, int]:
    """How many there are of what the list of set-up counts, asked in one question."""
    lists = select(func.count(Checklist.id)).where(Checklist.active.is_(True))
    of_branch = {
        "holidays": select(func.count(CalendarDay.id)).where(
            CalendarDay.branch_id == branch.id, CalendarDay.day >= date(day.year, 1, 1)
        ),
        "packages": select(func.count(Package.id)).where(Package.active.is_(True)),
        "parts": select(func.count(Part.id)),
        "suppliers": select(func.count(Supplier.id)),
        "lists": lists.where(Checklist.use.not_in(_WORDS), Checklist.topic != ""),
        "words": lists.where(Checklist.use.in_(_WORDS)),
        "screens": select(func.count(ScreenDevice.id)).where(
            ScreenDevice.branch_id == branch.id,
            ScreenDevice.paired_at.is_not(None),
            ScreenDevice.revoked_at.is_(None),
        ),
        # Whether there is any, for counting them takes longer each year.
        "appointments": _any(select(Appointment.id).where(Appointment.branch_id == branch.id)),
        "settled": _any(
            select(Settlement.id).where(
                Settlement.branch_id == branch.id, Settlement.settled_at.is_not(None)
            )
        ),
    }
    query = select(*(each.scalar_subquery().label(name) for name, each in of_branch.items()))
    return dict(session.execute(query).one()._mapping)


def _any(query: Select[int]) -> Select[int]:
    return select(func.count()).select_from(query.limit(1).subquery())


def list_put_away(branch: Branch) -> set[SetupStep]:
    """The steps that somebody put away."""
    query = select(PutAway.step).where(PutAway.branch_id == branch.id)
    return set(session.scalars(query))


def find_put_away(branch: Branch, step: SetupStep) -> PutAway | None:
    """Who put the step away, if somebody did."""
    query = select(PutAway).where(PutAway.branch_id == branch.id, PutAway.step == step)
    found: PutAway | None = session.scalars(query).one_or_none()
    return found


def is_over(branch: Branch) -> bool:
    """Whether the list has left the menu: put away, or the first car is settled."""
    away = select(PutAway.id).where(PutAway.branch_id == branch.id, PutAway.step == SetupStep.ALL)
    settled = select(Settlement.id).where(
        Settlement.branch_id == branch.id, Settlement.settled_at.is_not(None)
    )
    return bool(session.scalar(select(sa.or_(away.exists(), settled.exists()))))
