"""The whole shop as one file, asked for on a page."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import walks
from tests.databases import Database
from tests.factories import make_user
from tests.steps.settlement import factories as settlements
from workshop import db
from workshop.config import Settings
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.setup.leaving import packing_page, state
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.storage import locking

SignIn = Callable[[User], FlaskClient]


def boss() -> User:
    user = make_user(RoleName.SERVICE_MANAGER, name="周敏")
    user.locale = "en"
    return user


def test_the_manager_has_the_whole_shop_written_and_takes_it_away(
    database: Database, settings: Settings, sign_in: SignIn
) -> None:
    # given
    order = settlements.make_settled()
    no, code = order.no, order.branch.code
    browser = sign_in(boss())
    assert "Write the file" in browser.get("/setup/backups").text
    assert browser.post("/setup/whole-shop/file").status_code == 404
    # when
    assert browser.post("/setup/whole-shop").status_code == 302
    until = time.monotonic() + 60
    while state.is_running(settings) or state.read(settings) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    # then
    packed = state.read(settings)
    assert packed is not None
    assert not packed.has_failed
    page = browser.get("/setup/backups").text
    assert f"{packed.rows} rows" in page
    assert "周敏" in page
    with browser.post("/setup/whole-shop/file") as answer:
        assert answer.data == state.file_of(settings).read_bytes()
        assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(state.file_of(settings)) as archive:
        printed = archive.read(f"papers/{code}/{no}/Settlement list.pdf")
        table = archive.read("tables/repair_order.csv").decode("utf-8-sig")
    assert no in walks.read_pdf(printed)
    counted = session.scalar(select(func.count(RepairOrder.id)))
    assert len(table.splitlines()) == 1 + (counted or 0)
    acts = list(session.scalars(select(AuditEntry.action)))
    assert acts.count("setup.pack_shop") == acts.count("setup.take_shop") == 1


def test_a_second_one_waits_and_a_failure_is_said(
    database: Database, settings: Settings, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(boss())
    # while one is written
    with locking.held(settings.data_dir / state.LOCK):
        assert "It is being written now." in browser.get("/setup/backups").text
        assert browser.post("/setup/whole-shop").status_code == 409
    # the disk is full
    monkeypatch.setattr(packing_page, "pack", _full_disk)
    assert browser.post("/setup/whole-shop").status_code == 302
    until = time.monotonic() + 60
    while state.read(settings) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "The last try failed." in browser.get("/setup/backups").text


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_who_keeps_no_backups_takes_no_shop_along(
    database: Database, settings: Settings, sign_in: SignIn
) -> None:
    advisor = sign_in(make_user(RoleName.SERVICE_ADVISOR))
    db.commit()
    assert advisor.post("/setup/whole-shop").status_code == 403
    assert advisor.post("/setup/whole-shop/file").status_code == 403
