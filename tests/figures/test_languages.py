"""No page mixes languages: what the program says is in the reader's own, what people typed stays.

Words that are kept, such as the reason of a pause, are message ids and are translated when they
are shown; the walk finds the next one that is not.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import workshop
from tests import twin, walks
from workshop import clock, db
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.quotation import queries as quotations
from workshop.track import service as track

SignIn = Callable[[User], FlaskClient]

_CATALOGUE = Path(workshop.__file__).parent / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
# What a person reads: the text between tags, and what is told or shown of a field or a button.
_SPOKEN = re.compile(r'\b(?:title|aria-label|placeholder|alt|data-confirm)="([^"]*)"')
_HIDDEN = re.compile(r"<(script|style|template|svg|textarea)\b.*?</\1>", re.DOTALL)
# What shows both languages, for who writes them, says which is which.
_SAID = r'<(\w+)\b[^>]*\blang="{}"[^>]*>.*?</\1>'
# Three words of English in a row are a sentence, whoever wrote it.
_SENTENCE = re.compile(r"\b[A-Za-z]?[a-z']+(?: [a-z']{2,}){2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The reader is told of the other language in that language, and languages are named in themselves.
_EITHER = frozenset({"English", "中文"})
_UNITS = frozenset({"km"})
_NO_PAGES = re.compile(r"^/api")
# One's own account, which the general walk leaves out.
_ACCOUNT = ("/account", "/account/confirm", "/account/second-factor")
# What the told day's people typed, and the program happens to say as well.
_TYPED = frozenset({"客休室", "改时间", "新制动片磨合 200 公里", "缺件", "退料", "已检查"})


def _nodes(page: str, other: str) -> Iterator[str]:
    """The texts of a page but for what it says itself to be in the other language."""
    body = re.sub(_SAID.format(other), " ", _HIDDEN.sub(" ", page), flags=re.DOTALL)
    found = [*re.split(r"<[^>]*>", body), *_SPOKEN.findall(body)]
    for each in found:
        text = " ".join(html.unescape(each).split())
        if text:
            yield text


@cache
def _messages() -> dict[str, str]:
    """The program's words: English, and the Chinese of it where it is another."""
    with _CATALOGUE.open("rb") as file:
        return {
            each.id: str(each.string)
            for each in read_po(file)
            if isinstance(each.id, str) and each.id and each.string != each.id
        }


def _pattern(message: str) -> str:
    return re.sub(r"%\\\(\w+\\\)s", ".+?", re.escape(message)).replace("%%", "%")


@cache
def _chinese() -> re.Pattern[str]:
    """The program's Chinese with something in every gap; too little text says nothing."""
    wanted = [text for text in _messages().values() if len(_CHINESE.findall(text)) >= 2]
    return re.compile("|".join(_pattern(each) for each in wanted))


def english_in(page: str) -> set[str]:
    """What is English on a Chinese page."""
    ids = _messages()
    return {
        text
        for text in _nodes(page, "en")
        if text not in _EITHER and (text in ids or _SENTENCE.search(text)) and text not in _UNITS
    }


def chinese_in(page: str) -> set[str]:
    """What the program says in Chinese on an English page."""
    asked = {text for text in _nodes(page, "zh-CN") if _CHINESE.search(text)} - _EITHER - _TYPED
    return {text for text in asked if _says_chinese(text)}


@cache
def _says_chinese(text: str) -> bool:
    return _chinese().fullmatch(text) is not None


def _walk(
    app: Flask, sign_in: SignIn, branch: Branch, locale: str, look: Callable[[str], set[str]]
) -> dict[str, set[str]]:
    """By what was found: on which pages of which roles."""
    found: dict[str, set[str]] = {}
    for user in list(walks.one_of_each_role(branch)):
        user.locale = locale
        db.commit()
        client, role = _just_signed_in(sign_in(user)), user.roles[0].name
        for path in (*walks.addresses(app, user, branch), *_ACCOUNT):
            for text in look("" if _NO_PAGES.match(path) else _page(client.get(path))):
                found.setdefault(text, set()).add(f"{role} {path}")
    return found


def _just_signed_in(client: FlaskClient) -> FlaskClient:
    """Who has given the password this minute sees what it is asked for."""
    with client.session_transaction() as kept:
        kept["fs_paa"] = int(time.time())
    return client


def _page(answer: TestResponse) -> str:
    """A page as it was sent, a paper as its lines and columns; nothing of anything else."""
    if answer.mimetype == "application/pdf":
        cells = re.split(r"\s{2,}|\n", walks.read_pdf(answer.get_data()))
        return "".join(f"<p>{html.escape(each)}</p>" for each in cells)
    is_page = answer.mimetype == "text/html" and answer.status_code != 302
    return answer.text if is_page else ""


def test_the_looks_find_what_they_are_for() -> None:
    """A look that finds nothing would pass every page."""
    page = (
        '<p>已暂停：Waits for parts</p><b title="Save">保存</b><script>no words here now</script>'
    )
    assert english_in(page) == {"已暂停：Waits for parts", "Save"}
    assert english_in("<p>OEM 5W-30 BMW 3 Series</p>") == set()
    assert chinese_in("<p>保存</p><p>刹车有异响</p><a>中文</a>") == {"保存"}
    assert english_in('<p lang="en">Save</p><p lang="zh-CN">Open</p>') == {"Open"}
    assert chinese_in('<p lang="zh-CN">保存</p><p lang="en">打开</p>') == {"打开"}


def _keep_message_ids() -> None:
    """Let orders say of a change of stage and of promise what the program itself writes there."""
    with twin.asleep_guards():
        session.execute(sa.text("UPDATE stage_change SET reason = 'New version of the quotation'"))
        session.execute(
            sa.text(
                "INSERT INTO promise_change (order_id, old_at, new_at, reason, told_how, at, by_id)"
                " SELECT id, promised_at, promised_at, 'Additional work was agreed', 'By phone',"
                " created_at, advisor_id FROM repair_order WHERE promised_at IS NOT NULL"
            )
        )
    db.commit()
    session.expire_all()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_no_page_of_any_role_mixes_languages(
    app: Flask, sign_in: SignIn, branch: Branch, locale: str
) -> None:
    _keep_message_ids()
    look = english_in if locale == "zh_CN" else chinese_in
    found = _walk(app, sign_in, branch, locale, look)
    assert {text: sorted(places)[:3] for text, places in found.items()} == {}


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_customers_link_and_its_papers_do_not(app: Flask, branch: Branch, locale: str) -> None:
    _keep_message_ids()
    look = english_in if locale == "zh_CN" else chinese_in
    found: dict[str, str] = {}
    customer = app.test_client()
    with customer.session_transaction() as kept:
        kept["locale"] = locale
    pages = {path: _page(customer.get(path)) for path in list(_links(branch))}
    assert any(path.endswith(".pdf") and len(page) > 1_000 for path, page in pages.items())
    for path, page in pages.items():
        found |= dict.fromkeys(look(page), path)
    assert found == {}


def _links(branch: Branch) -> Iterator[str]:
    """What a customer opens: the link of an order in each stage, papers and sums; a wrong link."""
    newest = select(sa.func.max(RepairOrder.id)).group_by(RepairOrder.stage)
    query = select(RepairOrder).where(
        RepairOrder.id.in_(newest.where(RepairOrder.branch_id == branch.id))
    )
    for order in session.scalars(query):
        if order.stage.step is None:
            continue
        link = "/t/" + track.make_link(order, by=order.advisor, at=clock.now())
        yield link
        for each in quotations.list_quotations(order):
            yield from (f"{link}/{each.id}.pdf", f"{link}/{each.id}/sum")
    db.commit()
    yield "/t/guessed"
