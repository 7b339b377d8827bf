"""From any released database to this release, and on: with its rows, its guards and its roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from tests import databases
from tests.conftest import Client
from tests.factories import AT, become
from tests.releases import kept
from tests.releases.child import LATER
from workshop import clock, db, upgrading
from workshop.app import create_app
from workshop.catalogue import queries as catalogue
from workshop.db import session
from workshop.demo import people
from workshop.migrations import schemas
from workshop.orders.models import StageChange
from workshop.shop.models import Branch
from workshop.staff import granting
from workshop.staff.models import AuditEntry, KnownPermission, Role, User
from workshop.staff.permissions import Permission, RoleName
from workshop.steps.followup.models import FollowUpAnswer
from workshop.steps.handover.models import HandoverCheck
from workshop.steps.lounge import rounds
from workshop.steps.lounge.models import LoungeCheck
from workshop.steps.repair.models import InspectionItem
from workshop.web import navigation

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


# What grows by an upgrade: permissions that are new, and the line that says so.
LEARNS = {"audit_entry", "known_permission"}
# Which items a list has is data now, in frozen versions; the codes are no enums any more.
GIVEN_UP = {
    f"{column}_known_{verb}"
    for column in ("lounge_check_item", "handover_check_item", "follow_up_answer_question")
    for verb in ("insert", "update")
} | {
    *("ix_absence_technician_id", "ix_shift_technician_id", "ix_allocation_branch_id"),
    *("ix_allocation_buffer_until", "ix_allocation_until", "ix_case_branch_id", "ix_case_state"),
    *("ix_follow_up_branch_id", "ix_follow_up_planned_at", "ix_follow_up_state"),
    *("ix_gate_pass_branch_id", "ix_job_state", "ix_pick_list_branch_id", "ix_pick_list_state"),
    *("ix_quotation_state", "ix_repair_order_branch_id", "ix_repair_order_delivered_at"),
    *("ix_repair_order_ready_at", "ix_repair_order_stage", "ix_settlement_branch_id"),
    *("ix_settlement_settled_at", "ix_settlement_state"),
}


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Flask]:
    """The app on a database, inside its context."""
    app = create_app(databases.settings_for(folder, url))
    with app.app_context():
        yield app
        db.rollback()
        db.session.remove()
        db.db.engine.dispose()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as a later release: one more migration."""
    monkeypatch.setattr(upgrading, "VERSIONS", [*upgrading.VERSIONS, LATER])


@pytest.fixture(params=kept.list_releases())
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read_schema() -> list[str]:
    with db.db.engine.connect() as connection:
        return schemas.read(connection)


def list_lines(*kinds: str) -> set[str]:
    """The names of what the schema holds of these kinds."""
    return {line.partition(":")[0] for line in read_schema() if line.startswith(kinds)}


def count_rows() -> dict[str, int]:
    with db.db.engine.connect() as connection:
        tables = sorted(schemas.list_tables(connection) - {"alembic_version"})
        return {
            each: connection.execute(text(f'SELECT count(*) FROM "{each}"')).scalar_one()
            for each in tables
        }


def refuses(statement: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words), session.begin_nested():
        session.execute(text(statement))


def test_there_is_a_database_of_a_release() -> None:
    assert "0.1.0" in kept.list_releases()


@pytest.mark.parametrize("kind", KINDS)
def test_a_released_database_comes_to_this_release_and_its_people_go_on(
    release: str, kind: str, tmp_path: Path
) -> None:
    with kept.place_for(kind, tmp_path) as url, opened(url, tmp_path):
        upgrading.upgrade(at=AT)
        fresh = read_schema()
    (tmp_path / "workshop.db").unlink(missing_ok=True)
    with kept.bring_back(release, kind, tmp_path) as url, opened(url, tmp_path) as app:
        # when
        upgrading.upgrade(at=AT)
        # then
        assert read_schema() == fresh
        upgrading.require_current()
        check_prices()
        check_pages(app)
        before = session.scalar(select(func.count(StageChange.id))) or 0
        at = AT + timedelta(minutes=20)
        clock.freeze(at)
        assert people.work_once(at) > 0
        assert (session.scalar(select(func.count(StageChange.id))) or 0) > before


def check_prices() -> None:
    """What an hour cost before prices had a history, it costs on any day."""
    branch_id = session.scalars(select(Branch.id)).one()
    for day in (date(2025, 1, 1), AT.date()):
        assert catalogue.list_rates(branch_id, day) == {"standard": 24_000}


def check_pages(app: Flask) -> None:
    """Everybody opens the desk and all pages of the own menu."""
    app.test_client_class = Client
    for role in RoleName:
        user = session.scalars(select(User).where(User.roles.any(Role.name == role.value))).first()
        assert user is not None, role
        browser = become(app.test_client(), user)
        with app.test_request_context("/"):
            mine = [item.url for _, items in navigation.menu(user) for item in items]
        session.rollback()
        for address in ("/", *mine):
            answer = browser.get(address)
            while answer.status_code == 302 and "/sign-in" not in answer.headers["Location"]:
                answer = browser.get(answer.headers["Location"])
            assert answer.status_code == 200, f"{role} at {address}: {answer.status}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_stage_a_column_and_a_table_come_to_a_filled_database(
    release: str, kind: str, tmp_path: Path, later: None
) -> None:
    # given
    with kept.place_for(kind, tmp_path) as url, opened(url, tmp_path):
        upgrading.upgrade(at=AT)
        fresh = read_schema()
    (tmp_path / "workshop.db").unlink(missing_ok=True)
    with kept.bring_back(release, kind, tmp_path) as url, opened(url, tmp_path):
        before, guards = count_rows(), list_lines("trigger", "index", "unique index")
        # when
        done = upgrading.upgrade(at=AT)
        # then
        assert (done.after, done.before in upgrading.list_revisions()) == ("later", True)
        assert read_schema() == fresh
        after = count_rows()
        assert after["trial_drive"] == 0
        kept_rows = {table: after[table] for table in before if table not in LEARNS}
        assert kept_rows == {table: before[table] for table in kept_rows}
        assert before["allocation"] > 10
        # The rebuilt table has all its triggers and indexes, and so has every other.
        gone = guards - list_lines("trigger", "index", "unique index")
        assert {each.partition(" ")[2] for each in gone} <= GIVEN_UP
        # The new is there, with its checks.
        session.execute(
            text(
                "UPDATE repair_order SET stage = 'trial_drive' "
                "WHERE id = (SELECT max(id) FROM repair_order)"
            )
        )
        assert set(session.scalars(text("SELECT urgency_note FROM allocation"))) == {"none"}
        refuses("UPDATE allocation SET urgency_note = ''", "ck_allocation_urgency_note")
        # And so is the old.
        refuses("UPDATE repair_order SET stage = 'nearly'", "ck_repair_order_stage_known")
        refuses("UPDATE allocation SET technician_id = 9999", "(?i)foreign key|overlap")
        refuses("UPDATE allocation SET ends_at = starts_at", "ck_allocation_order")
        refuses("DELETE FROM audit_entry", "append-only:audit_entry")
        refuses(
            "UPDATE allocation SET technician_id = (SELECT min(technician_id) FROM allocation), "
            "starts_at = '2026-11-23 02:00:00', ends_at = '2026-11-23 03:00:00', "
            "blocked_until = '2026-11-23 03:15:00' WHERE role = 'lead' AND status <> 'cancelled'",
            "overlap|closed-day",
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_that_fails_leaves_the_database_as_it_was(
    release: str, kind: str, tmp_path: Path, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise upgrading.Unfit("not today")

    with kept.bring_back(release, kind, tmp_path) as url, opened(url, tmp_path):
        rows, schema = count_rows(), read_schema()
        monkeypatch.setattr(upgrading, "_check_result", fail)
        with pytest.raises(upgrading.Unfit):
            upgrading.upgrade(at=AT)
        assert (count_rows(), read_schema()) == (rows, schema)


def test_rows_that_refer_to_nothing_stop_an_upgrade(tmp_path: Path, later: None) -> None:
    with kept.bring_back("0.1.0", "sqlite", tmp_path) as url, opened(url, tmp_path):
        with db.db.engine.connect() as connection:
            connection.exec_driver_sql("DELETE FROM alembic_version WHERE 0")
            connection.rollback()
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]
            connection.exec_driver_sql("UPDATE bay SET branch_id = 77")
            connection.commit()
            connection.invalidate()
        schema = read_schema()
        with pytest.raises(upgrading.Unfit, match="rows of bay refer"):
            upgrading.upgrade(at=AT)
        assert read_schema() == schema


# ---- What a role learns ----


def test_a_role_gets_what_is_new_and_not_what_somebody_took_away(
    database: databases.Database,
) -> None:
    # given a database that has never heard of washing, and where the greeter lost the gate
    session.execute(sa.delete(KnownPermission).where(KnownPermission.name == Permission.WASH.value))
    for role in session.scalars(select(Role)):
        role.permissions = [
            each
            for each in role.permissions
            if each != "wash" and (role.name, each) != ("greeter", "check_gate")
        ]
    db.commit()
    # when
    upgrading.upgrade(at=AT)
    # then
    roles = {each.name: set(each.permissions) for each in session.scalars(select(Role))}
    assert roles["washer"] == {"wash"}
    assert "wash" in roles["service_advisor"]
    assert "check_gate" not in roles["greeter"]
    assert "wash" not in roles["cashier"]
    told = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "staff.learn_permissions")
    ).all()
    assert {each.details["added"][0] for each in told} == {"wash"}
    # And nothing a second time.
    assert granting.learn_permissions(at=AT) == []


def test_a_role_that_is_new_comes_with_its_preset(database: databases.Database) -> None:
    washer = session.scalars(select(Role).where(Role.name == "washer")).one()
    session.delete(washer)
    db.commit()
    upgrading.upgrade(at=AT)
    again = session.scalars(select(Role).where(Role.name == "washer")).one()
    assert again.permissions == ["wash"]


@pytest.mark.parametrize("kind", KINDS)
def test_old_records_keep_their_words_and_new_ones_are_made(
    release: str, kind: str, tmp_path: Path
) -> None:
    with kept.bring_back(release, kind, tmp_path) as url, opened(url, tmp_path):
        upgrading.upgrade(at=AT)
        # then: what was asked before stands in the words of its first version
        for record in (InspectionItem, LoungeCheck, HandoverCheck, FollowUpAnswer):
            found = session.scalars(select(record)).all()
            assert all(each.asked is not None and each.asked.version.no == 1 for each in found)
        assert (session.scalar(select(func.count(InspectionItem.id))) or 0) > 10
        for item in session.scalars(select(InspectionItem)):
            assert (item.title_in("en"), item.standard_in("en")) == (item.title, item.standard)
        # when
        branch = session.scalars(select(Branch)).first()
        by = next(user for user in session.scalars(select(User)) if user.may(Permission.CARE))
        made = rounds.check(branch, "cups", True, "", by=by, at=AT + timedelta(days=90))
        session.flush()
        assert made.title_in("zh_CN") == "一次性水杯充足"
