"""No page mixes languages: what the program says is in the reader's own, what people typed stays.

Words that are kept, such as the reason of a pause, are message ids and are translated when they
are shown; the walk finds the next one that is not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

import workshop
from tests import twin, walks
from workshop import db
from workshop.db import session
from workshop.shop.models import Branch
from workshop.staff.models import User

SignIn = Callable[[User], FlaskClient]

_CATALOGUE = Path(workshop.__file__).parent / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
# What a person reads: the text between tags, and what is told or shown of a field or a button.
_SPOKEN = re.compile(r'\b(?:title|aria-label|placeholder|alt|data-confirm)="([^"]*)"')
_HIDDEN = re.compile(r"<(script|style|template|svg|textarea)\b.*?</\1>", re.DOTALL)
# Three words of English in a row are a sentence, whoever wrote it.
_SENTENCE = re.compile(r"\b[A-Za-z]?[a-z']+(?: [a-z']{2,}){2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The reader is told of the other language in that language, and languages are named in themselves.
_EITHER = frozenset({"English", "中文"})
_UNITS = frozenset({"km"})
# Pages that show both languages side by side, for who writes them.
_NO_PAGES = re.compile(r"^/(api|catalogue|setup)")
# What the told day's people typed, and the program happens to say as well.
_TYPED = frozenset({"客休室", "改时间", "新制动片磨合 200 公里", "缺件", "退料"})


def _nodes(page: str) -> Iterator[str]:
    body = _HIDDEN.sub(" ", page)
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
        for text in _nodes(page)
        if text not in _EITHER and (text in ids or _SENTENCE.search(text)) and text not in _UNITS
    }


def chinese_in(page: str) -> set[str]:
    """What the program says in Chinese on an English page."""
    asked = {text for text in _nodes(page) if _CHINESE.search(text)} - _EITHER - _TYPED
    return {text for text in asked if _says_chinese(text)}


@cache
def _says_chinese(text: str) -> bool:
    return _chinese().fullmatch(text) is not None


def _walk(
    app: Flask, sign_in: SignIn, branch: Branch, locale: str, look: Callable[[str], set[str]]
) -> dict[str, set[str]]:
    """By what was found: on which pages of which roles."""
    found: dict[str, set[str]] = {}
    for user in list(walks._one_of_each_role(branch)):
        user.locale = locale
        db.commit()
        client, role = sign_in(user), user.roles[0].name
        for path in walks.addresses(app, user, branch):
            answer = client.get(path)
            if answer.status_code == 302 or answer.mimetype != "text/html" or _NO_PAGES.match(path):
                continue
            for text in look(answer.text):
                found.setdefault(text, set()).add(f"{role} {path}")
    return found


def test_the_looks_find_what_they_are_for() -> None:
    """A look that finds nothing would pass every page."""
    page = (
        '<p>已暂停：Waits for parts</p><b title="Save">保存</b><script>no words here now</script>'
    )
    assert english_in(page) == {"已暂停：Waits for parts", "Save"}
    assert english_in("<p>OEM 5W-30 BMW 3 Series</p>") == set()
    assert chinese_in("<p>保存</p><p>刹车有异响</p><a>中文</a>") == {"保存"}


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
