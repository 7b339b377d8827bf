"""Users, roles, permissions, and the one-time link."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import make_branch, make_user
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, NotFound
from workshop.staff import links
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, Role
from workshop.staff.permissions import PRESETS, Permission, RoleName

_ADVISOR = """view_orders view_customers book receive register_arrival quote care schedule
    change_time request_addition final_check wash settle deliver handle_case cancel_order"""
# The rights of each role as a shop begins, written out; the manager's are in a test of their own.
_RIGHTS = {
    "service_advisor": _ADVISOR,
    "service_assistant": "view_orders view_customers book register_arrival",
    "job_controller": "view_orders schedule correct_attendance",
    "team_leader": "view_orders schedule request_addition inspect",
    "technician": "work request_addition",
    "quality_inspector": "view_orders inspect",
    "parts_clerk": "view_orders pick_parts manage_parts see_cost",
    "cashier": "view_orders view_customers settle",
    "customer_relations": "view_orders view_customers book follow_up handle_case",
    "lounge_attendant": "care",
    "greeter": "register_arrival check_gate",
    "warranty_clerk": "view_orders warranty",
    "washer": "wash",
    "administrator": "manage_staff manage_shop manage_catalogue pair_screen read_audit",
}


def test_each_role_has_the_rights_of_its_work_and_no_others() -> None:
    shown = {
        role.value: {right.value for right in rights}
        for role, rights in PRESETS.items()
        if role is not RoleName.SERVICE_MANAGER
    }
    assert shown == {role: set(rights.split()) for role, rights in _RIGHTS.items()}


def test_the_manager_may_do_all_but_the_work_of_the_hands() -> None:
    assert set(Permission) - PRESETS[RoleName.SERVICE_MANAGER] == {Permission.WORK}


@pytest.mark.parametrize("role", list(RoleName), ids=lambda role: role.value)
def test_a_role_begins_with_its_preset_and_nothing_more(database: Database, role: RoleName) -> None:
    assert make_user(role).rights == PRESETS[role]


def test_who_has_left_may_do_nothing(database: Database) -> None:
    user = make_user(RoleName.SERVICE_MANAGER)
    user.active = False
    with pytest.raises(NotAllowed):
        staff.require_permission(user, Permission.OVERRIDE)


def test_another_role_takes_the_old_rights_away(database: Database) -> None:
    # given
    user = make_user(RoleName.SERVICE_MANAGER)
    # when
    user.roles = staff.list_roles([RoleName.WASHER])
    session.flush()
    # then
    assert user.rights == {Permission.WASH}


def test_a_preset_that_was_changed_stays_changed(database: Database) -> None:
    role = session.scalars(select(Role).where(Role.name == "washer")).one()
    role.permissions = ["wash", "check_gate"]
    staff.ensure_roles()
    assert make_user(RoleName.WASHER).may(Permission.CHECK_GATE)


def test_a_sign_in_name_is_given_once(database: Database, at: datetime) -> None:
    branch = make_branch()
    staff.create_user("zhao", "赵强", [RoleName.TECHNICIAN], branch.id, at=at)
    with pytest.raises(Invalid, match="taken"):
        staff.create_user("zhao", "赵刚", [RoleName.CASHIER], branch.id, at=at)


def test_making_a_user_is_on_the_record(database: Database, at: datetime) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    made = staff.create_user("qian", "钱芳", [RoleName.CASHIER], 1, at=at, by=manager)
    session.flush()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == made.id)).one()
    assert (entry.by_id, entry.details) == (manager.id, {"roles": ["cashier"]})


def test_a_link_serves_once_and_only_its_own_user(database: Database, at: datetime) -> None:
    # given
    user, other = make_user(RoleName.CASHIER), make_user(RoleName.CASHIER)
    session.flush()
    token = links.make_token(user, "key")
    # when, then
    assert links.get_user_of(token, "key") is user
    with pytest.raises(NotFound):
        links.get_user_of(token, "another key")
    with pytest.raises(NotFound):
        links.get_user_of(token + "x", "key")
    staff.set_password(user, "a long password", at=at)
    with pytest.raises(NotFound):
        links.get_user_of(token, "key")
    assert links.get_user_of(links.make_token(other, "key"), "key") is other
