"""Every list as a file: what its page shows with the same filter, and nothing else."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import twin, walks
from tests.databases import Database
from tests.e2e import story
from tests.factories import AT, make_user
from workshop import db
from workshop.app import FACES
from workshop.db import session
from workshop.listing import ListSheet
from workshop.shop.models import Branch
from workshop.staff import access
from workshop.staff.models import User
from workshop.staff.permissions import PRESETS, Permission, RoleName
from workshop.stock.counting.models import Stocktake
from workshop.stock.models import StockEntry
from workshop.web.display import translate

SignIn = Callable[[User], FlaskClient]

SHEETS = {sheet.name: sheet for face in FACES for sheet in face.lists}
# What the page of a list is asked for beside its path.
ARGS: dict[str, dict[str, str]] = {
    "orders": {"whose": "all"},
    "purchases": {"view": "open"},
    "to-issue": {"view": "issue"},
    "short-parts": {"view": "short"},
    "to-take-back": {"view": "back"},
    "to-release": {"view": "release"},
}
# The customers of a group are known in each of its shops.
SHARED = {"customers"}
# The page says more of a row than one line of the table, or shows so much and no more.
NOT_ROW_BY_ROW: dict[str, str] = {
    "customers": "a line a car: the page puts the cars of a customer into one row",
    "markup": "the page has it in fields to type into",
    "devices": "the page has the names in fields to type into",
}


@pytest.fixture
def shop(database: Database) -> Branch:
    """A small shop with something in every list, beside one that looks the same."""
    story.tell(AT, "x")
    db.commit()
    twin.fill()
    db.commit()
    return session.get_one(Branch, 1)


def boss(shop: Branch, locale: str = "zh_CN") -> User:
    """Somebody of the shop who may open every page."""
    user = make_user(RoleName.SERVICE_MANAGER, branch=shop)
    user.roles[0].permissions = sorted(each.value for each in Permission)
    user.locale = locale
    db.commit()
    return user


def values_of(sheet: ListSheet) -> dict[str, Any]:
    """What the list's own path and address say."""
    if sheet.name == "ledger":
        return {"part_id": session.scalars(select(StockEntry.part_id)).first()}
    if sheet.name == "count":
        return {"no": session.scalars(select(Stocktake.no)).first() or "none"}
    return dict(ARGS.get(sheet.name, {}))


def args_of(sheet: ListSheet) -> dict[str, Any]:
    """The same as the address of the file says it."""
    return {"part" if k == "part_id" else k: v for k, v in values_of(sheet).items()}


def take(client: FlaskClient, sheet: ListSheet, kind: str) -> TestResponse:
    """The answer, read to its end."""
    answer = client.post(f"/export/{sheet.name}.{kind}", query_string=args_of(sheet))
    answer.get_data()
    answer.close()
    return answer


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf"), "a table program takes it for another charset"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(data: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_file_says_what_its_page_says_and_nothing_of_another_shop(
    shop: Branch, app: Flask, sign_in: SignIn
) -> None:
    client = sign_in(boss(shop))
    wrong: list[str] = []
    counted, filled = set(), set()
    for sheet in SHEETS.values():
        pages = list(pages_of(client, app, sheet))
        if not pages:
            continue
        rows = read_csv(take(client, sheet, "csv").data)[1:]
        if rows:
            filled.add(sheet.name)
        if sheet.name not in SHARED:
            text = str(rows)
            assert twin.MARK not in text, sheet.name
            assert twin.PROVINCE not in text, sheet.name
            assert not re.search(r"[A-Z]{2}\d{8}-2-\d", text), sheet.name
        with app.test_request_context():
            counts = [rows_of(page, sheet) for page in pages]
        known = [each for each in counts if each is not None]
        if known and sheet.name not in NOT_ROW_BY_ROW:
            if len(rows) != sum(known):
                wrong.append(f"{sheet.name}: {len(rows)} rows, the page has {sum(known)}")
            counted.add(sheet.name)
        said = walks.words(" ".join(pages))
        for row in rows if sheet.name not in NOT_ROW_BY_ROW else []:
            if not any(cell and cell in said for cell in row[:6]):
                wrong.append(f"{sheet.name}: the page says nothing of {row}")
    assert not wrong, "\n".join(wrong)
    assert len(filled) >= 0.6 * len(SHEETS), set(SHEETS) - filled
    assert len(counted) >= 0.3 * len(SHEETS), set(SHEETS) - counted


def pages_of(client: FlaskClient, app: Flask, sheet: ListSheet) -> Iterator[str]:
    """What the list's page says, and the further pages of it."""
    for number in itertools.count(1):
        with app.test_request_context():
            address = url_for(sheet.endpoint, **values_of(sheet), page=number)
        answer = client.get(address)
        if answer.status_code == 404:
            assert sheet.name == "count", sheet.name
            return
        yield answer.text
        if 'rel="next"' not in answer.text:
            return


def rows_of(page: str, sheet: ListSheet) -> int | None:
    """How many rows the page's own table of the list has; None when it is no table of its name."""
    with_label = walks.html.escape(label_of(sheet), quote=True)
    table = rf'aria-label="{re.escape(with_label)}"[^>]*>\s*<table.*?</table>'
    found = re.findall(table, page, re.DOTALL)
    if not found:
        return None
    bodies = [each.split("<tbody>")[1].split("</tbody>")[0] for each in found]
    return sum(len(re.findall(r"<tr\b", body)) for body in bodies)


def label_of(sheet: ListSheet) -> str:
    return translate(sheet.label)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_both_kinds_of_file_say_the_same_under_heads_in_the_readers_language(
    shop: Branch, sign_in: SignIn, locale: str
) -> None:
    client = sign_in(boss(shop, locale))
    for sheet in SHEETS.values():
        if sheet.name == "count":
            continue
        plain = read_csv(take(client, sheet, "csv").data)
        book = read_xlsx(take(client, sheet, "xlsx").data)
        # The first file is a line of the trail, and the second file of the trail has it.
        assert len(book) - len(plain) == (sheet.name == "audit"), sheet.name
        assert list(book[0]) == plain[0], sheet.name
        assert all(plain[0]), sheet.name
        assert len(set(plain[0])) == len(plain[0]), (sheet.name, plain[0])
        is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in "".join(plain[0]))
        assert is_chinese == (locale == "zh_CN"), (sheet.name, plain[0])


# What a column of money adds up to in fen, asked of the tables without any code of the lists.
_TODAY = ">= '2026-11-22 16:00' AND {0} < '2026-11-23 16:00'"
SUMS = {
    ("payments", "金额"): f"SELECT sum(amount_fen) FROM payment WHERE branch_id = 1 "
    f"AND at {_TODAY.format('at')}",
    ("bills-today", "客户应付"): "SELECT sum(customer_fen) FROM settlement WHERE branch_id = 1 "
    f"AND settled_at {_TODAY.format('settled_at')}",
    ("bills-today", "税额"): "SELECT sum(tax_fen) FROM settlement WHERE branch_id = 1 "
    f"AND settled_at {_TODAY.format('settled_at')}",
    ("parts", "成本"): "SELECT sum(cost_fen) FROM part WHERE active",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_money_is_numbers_that_add_up(shop: Branch, sign_in: SignIn) -> None:
    client = sign_in(boss(shop))
    wrong = []
    for (name, head), query in SUMS.items():
        book = read_xlsx(take(client, SHEETS[name], "xlsx").data)
        if head not in book[0]:
            wrong.append(f"{name}: {book[0]}")
            continue
        cells = [row[book[0].index(head)] for row in book[1:]]
        total = sum(round(100 * each) for each in cells if each is not None)
        if not total or total != session.scalar(sa.text(query)):
            wrong.append(f"{name} {head}: {total}, not {session.scalar(sa.text(query))}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_is_for_who_may_open_the_page(shop: Branch, app: Flask, sign_in: SignIn) -> None:
    for role in RoleName:
        client = sign_in(make_user(role, branch=shop))
        for sheet in SHEETS.values():
            wanted = access.declared(sheet.endpoint, app)
            assert isinstance(wanted, frozenset), sheet.name
            may = PRESETS[role] & wanted and (not sheet.rights or PRESETS[role] & sheet.rights)
            answer = take(client, sheet, "csv")
            if not may:
                assert answer.status_code == 403, (role, sheet.name)
                # Who may do it instead is said.
                assert "可以" in answer.text or "没有" in answer.text
            else:
                assert answer.status_code in (200, 404), (role, sheet.name)


def test_no_two_lists_have_one_name() -> None:
    names = [sheet.name for face in FACES for sheet in face.lists]
    assert len(names) == len(set(names))
