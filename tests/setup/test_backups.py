"""The page of the backups and what the desk says of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import AT, make_user
from workshop import clock, db
from workshop.backup import making, records
from workshop.config import Settings
from workshop.setup.backups import jobs
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


def boss() -> User:
    user = make_user(RoleName.SERVICE_MANAGER, name="周敏")
    user.locale = "en"
    return user


def test_the_manager_makes_one_and_takes_it_away(sign_in: SignIn, settings: Settings) -> None:
    # given
    browser = sign_in(boss())
    assert "No backup was ever made." in browser.get("/setup/backups").text
    # when
    assert browser.post("/setup/backups").status_code == 302
    until = time.monotonic() + 60
    while making.is_running(settings) or not records.list_records(settings.backup_dir):
        assert time.monotonic() < until
        time.sleep(0.05)
    # then
    (made,) = records.list_records(settings.backup_dir)
    page = browser.get("/setup/backups").text
    assert made.is_good
    assert "周敏" in page
    assert "Download" in page
    assert "No backup was ever made." not in page
    with browser.post(f"/setup/backups/{made.name}") as answer:
        assert answer.data == (settings.backup_dir / made.name).read_bytes()
    acts = [each.action for each in db.session.scalars(select(AuditEntry))]
    assert acts.count("setup.back_up") == acts.count("setup.download_backup") == 1


@pytest.mark.parametrize(
    "name", ["places.json", "..%2Fsecret.key", "workshop-20200101T000000Z.zip"]
)
def test_only_an_archive_that_is_there_is_given_away(
    sign_in: SignIn, settings: Settings, name: str
) -> None:
    (settings.backup_dir / "places.json").write_text("{}", encoding="ascii")
    assert sign_in(boss()).post(f"/setup/backups/{name}").status_code == 404


def test_who_does_not_keep_backups_neither_sees_nor_takes_any(
    sign_in: SignIn, settings: Settings
) -> None:
    browser = sign_in(make_user(RoleName.ADMINISTRATOR))
    assert browser.get("/setup/backups").status_code == 403
    assert browser.post("/setup/backups").status_code == 403
    assert browser.post("/setup/backups/workshop-20200101T000000Z.zip").status_code == 403
    assert "No backup was ever made" not in browser.get("/").text


def test_the_desk_tells_the_manager_after_26_hours(sign_in: SignIn, settings: Settings) -> None:
    browser = sign_in(boss())
    making.make(settings, at=AT)
    clock.freeze(AT + timedelta(hours=26))
    assert "good backup" not in browser.get("/").text
    clock.freeze(AT + timedelta(hours=28))
    assert "The last good backup is 28 hours old." in browser.get("/").text
    assert "hours old" not in browser.get("/parts").text


def test_a_second_one_waits(sign_in: SignIn, settings: Settings) -> None:
    browser = sign_in(boss())
    with making._alone(settings):
        assert "A backup is being made now." in browser.get("/setup/backups").text
        assert browser.post("/setup/backups").status_code == 409


def test_the_timer_makes_it_and_holds_nobody_up(app: Flask, settings: Settings) -> None:
    boss()
    db.commit()
    jobs.look_after_backups()
    assert [each.is_good for each in records.list_records(settings.backup_dir)] == [True]
    # No transaction of its own stays open.
    assert not db.session().in_transaction()
