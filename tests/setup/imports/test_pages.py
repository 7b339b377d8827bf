"""The pages of an import, by what people see; without a script."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from tests import walks
from tests.factories import AT, make_branch, make_order, make_user
from tests.setup.imports import factories
from tests.setup.imports.factories import PEOPLE, table
from tests.states import pressing
from workshop import clock, db
from workshop.customers import service as customers
from workshop.customers.models import Customer
from workshop.db import session
from workshop.setup.imports import background, listed, mapping, queries, service
from workshop.setup.imports.rules import ImportState
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
S = ImportState
DIRTY = table(
    "姓名 手机 星座",
    ("张伟", "13800138001", "天秤座"),
    ("李娜", "1.38E+10", ""),
    ("王芳", "13800138001", ""),
)


@pytest.fixture
def manager(app: Flask, sign_in: SignIn) -> FlaskClient:
    clock.freeze(AT)
    user = factories.boss()
    user.locale = "en"
    db.commit()
    return sign_in(user)


def send(client: FlaskClient, data: bytes, kind: str = "customers", name: str = "old.csv") -> Any:
    """Bring a file in as the form does."""
    sent = {"file-kind": kind, "file-file": (io.BytesIO(data), name)}
    return client.post("/setup/imports", data=sent, content_type="multipart/form-data")


def press(client: FlaskClient, address: str, action: str, **typed: str) -> str:
    """Open a page, press what goes to `action`, and read what comes."""
    form = pressing.find(client.get(address).text, address, action)
    assert form is not None, action
    answer = pressing.press(client, form, typed)
    if answer.status_code == 302:
        answer = client.get(answer.headers["Location"])
    return walks.words(answer.text)


def test_a_file_goes_from_its_columns_to_its_undoing(manager: FlaskClient) -> None:
    # when: it is brought
    address = send(manager, DIRTY).headers["Location"]
    page = walks.words(manager.get(address).text)
    assert "Which column is which?" in page
    assert "These columns have no place here and are left. 星座" in page
    # when: it is checked
    page = press(manager, address, "/check")
    assert "1 rows can be taken over" in page
    assert "Line 2 has 张伟 with the number 13800138001." in page
    refused = walks.words(manager.get(f"{address}?show=refused").text)
    assert "has lost its last digits" in refused
    # when: what is doubtful is answered for all
    page = press(manager, address, "/answer", choice="both")
    assert "2 rows can be taken over" in page
    # when: it is taken over
    page = press(manager, address, "/apply")
    assert "2 rows were taken over" in page
    assert len(session.scalars(select(Customer)).all()) == 2
    # when: it is taken back
    page = press(manager, address, "/take-back")
    assert "2 rows are gone" in page
    assert session.scalars(select(Customer)).first() is None
    assert "old.csv" in manager.get("/setup/imports").text


def test_a_column_can_be_chosen_and_what_is_needed_is_asked_for(manager: FlaskClient) -> None:
    address = send(manager, table("甲 乙", ("张伟", "13800138001"))).headers["Location"]
    # when: the heads say nothing
    page = press(manager, address, "/check")
    assert "Say which column of the file is “Phone”." in page
    # when: one is chosen twice
    page = press(manager, address, "/check", **{"map-phone": "1", "map-name": "1"})
    assert "One column of the file is chosen twice." in page
    # when: both are chosen
    page = press(manager, address, "/check", **{"map-phone": "1", "map-name": "0"})
    assert "1 rows can be taken over" in page


def test_a_wrong_encoding_can_be_put_right(manager: FlaskClient) -> None:
    # given: a file that is long enough in one encoding to look like another one
    data = "姓名,手机\r\n张伟,13800138001\r\n".encode("gb18030")
    address = send(manager, data).headers["Location"]
    assert "gb18030" in manager.get(address).text.casefold()
    page = press(manager, address, "/reading", **{"reading-encoding": "big5"})
    assert "big5" in page.casefold()


def test_what_is_no_table_is_refused_where_it_is_chosen(manager: FlaskClient) -> None:
    for data, name, words in (
        (b"%PDF-1.7", "a.pdf", "no table but"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "old kind"),
        (b"", "empty.csv", "empty"),
        (("a," * 5000).encode(), "wide.csv", "columns"),
    ):
        answer = send(manager, data, name=name)
        assert answer.status_code == 422, name
        assert words in walks.words(answer.text), name
    answer = manager.post("/setup/imports", data={"file-kind": "customers"})
    assert "Choose a file, or paste a table." in walks.words(answer.text)


def test_a_file_larger_than_may_be_is_refused_before_it_is_read(manager: FlaskClient) -> None:
    answer = manager.post(
        "/setup/imports",
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert answer.status_code == 422
    assert "larger than 65 MB" in walks.words(answer.text)


def test_a_table_can_be_pasted(manager: FlaskClient) -> None:
    sent = {"file-kind": "customers", "file-pasted": "姓名\t手机\n张伟\t13800138001\n"}
    address = manager.post("/setup/imports", data=sent).headers["Location"]
    assert "1 rows can be taken over" in press(manager, address, "/check")


def test_rows_that_are_left_come_as_a_file_with_the_reason(manager: FlaskClient) -> None:
    address = send(manager, DIRTY).headers["Location"]
    press(manager, address, "/check")
    answer = manager.get(f"{address}/left.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert rows[0] == ("姓名", "手机", "星座", "Why not")
    assert [row[0] for row in rows[1:]] == ["李娜", "王芳"]
    assert "lost its last digits" in str(rows[1][3])
    assert "张伟" in str(rows[2][3])
    assert manager.get(f"{address}/left.csv").data.startswith(b"\xef\xbb\xbf")
    assert manager.get(f"{address}/left.exe").status_code == 404


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_template_is_read_by_its_own_heads(manager: FlaskClient, locale: str) -> None:
    factories.boss().locale = locale
    db.commit()
    for kind in listed.KINDS:
        for ending in ("csv", "xlsx"):
            data = manager.get(f"/setup/imports/template/{kind.name}.{ending}").data
            batch = factories.bring(kind.name, data)
            assert set(batch.mapping) == {column.key for column in kind.columns}
            assert mapping.unread(batch.found["header"], batch.mapping) == []
            # Its example and its hints bring nothing.
            checked = factories.run(batch, S.CHECKING)
            assert sum(service.counts(checked).values()) == 0


def test_the_same_file_is_told_before_it_is_checked(manager: FlaskClient) -> None:
    factories.take_over("customers", PEOPLE)
    address = send(manager, PEOPLE).headers["Location"]
    assert "The same file was taken over on" in walks.words(manager.get(address).text)


def test_somebody_elses_turn_is_told_with_the_name(manager: FlaskClient) -> None:
    first, second = factories.check("customers", PEOPLE), factories.check("customers", DIRTY)
    service.begin(first, S.APPLYING, by=factories.boss(), at=AT)
    session.refresh(first)
    first.has_turn = True
    db.commit()
    page = walks.words(manager.get(f"/setup/imports/{second.id}").text)
    assert "周明 is taking over “旧系统.csv”." in page


def test_what_stays_is_named_with_a_link_to_what_uses_it(manager: FlaskClient) -> None:
    factories.take_over("customers", PEOPLE)
    cars = factories.take_over("vehicles", table("车牌 手机", ("沪A12345", "13800138001")))
    car = customers.find_vehicle("沪A12345")
    assert car is not None
    make_order(vehicle=car)
    db.commit()
    factories.undo(cars)
    page = manager.get(f"/setup/imports/{cars.id}").text
    assert "These stay" in page
    assert f'href="/vehicles/{car.id}"' in page
    assert re.search(r"in use: <a href=\"/orders/|in use: Repair order", page)


def test_another_branch_sees_nothing_of_it(app: Flask, sign_in: SignIn) -> None:
    clock.freeze(AT)
    batch = factories.check("customers", PEOPLE)
    other = make_user(RoleName.SERVICE_MANAGER, branch=make_branch("west"))
    db.commit()
    client = sign_in(other)
    assert client.get(f"/setup/imports/{batch.id}").status_code == 404
    assert client.get(f"/setup/imports/{batch.id}/left.csv").status_code == 404
    assert "旧系统.csv" not in client.get("/setup/imports").text


def test_work_goes_on_in_a_thread_of_its_own(
    app: Flask, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: as it is outside of tests
    clock.freeze(AT)
    monkeypatch.undo()
    batch = factories.bring("customers", PEOPLE)
    runner, batch_id = service.begin(batch, S.CHECKING, by=factories.boss(), at=AT), batch.id
    db.commit()
    # when
    before = set(threading.enumerate())
    background.launch(batch_id, runner)
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
    # then
    session.expire_all()
    done = queries.get_batch(make_branch(), batch_id)
    assert (done.state, done.counts["new"]) == (S.CHECKED, 3)
