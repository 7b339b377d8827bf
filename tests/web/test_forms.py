"""The thin edge: what forms read, what they say, and what a stale page shows."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange

from tests import factories
from tests.databases import Database
from workshop import web
from workshop.db import session
from workshop.errors import Conflict, RuleBroken
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


class Sample(web.Form):
    class Meta(web.Form.Meta):
        csrf = False

    number = IntegerField("Number", [NumberRange(0, 100_000)])
    day = DateField("Day")
    text = StringField("Text", [Length(max=3)])
    choice = SelectField("Choice", choices=[SelectChoice("1", "one")], coerce=int)
    sort = RadioField("Sort", choices=[SelectChoice("a", "A")])
    version = StringField("Version")


def read(app: Flask, locale: str = "zh-CN", **typed: Any) -> Sample:
    with app.test_request_context("/", headers={"Accept-Language": locale}):
        form = Sample(MultiDict(typed))
        form.validate()
        return form


@pytest.mark.parametrize(
    ("typed", "number"), [("１２３", 123), (" 12 345 km ", 12345), ("1,200", 1200)]
)
def test_a_number_is_read_as_people_type_it(
    database: Database, app: Flask, typed: str, number: int
) -> None:
    assert read(app, number=typed).number.data == number


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("number", "zwölf", "请填写整数。"),
        ("number", "9" * 30, "这个数太大。"),
        ("day", "2026-02-31", "这不是日期。"),
        ("text", "abcd", "最多 3 个字。"),
        ("choice", "x", "请从给出的选项中选择。"),
        ("sort", "", "请从给出的选项中选择。"),
    ],
)
def test_a_wrong_value_is_refused_in_the_readers_own_words(
    database: Database, app: Flask, field: str, typed: str, words: str
) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        form = Sample(MultiDict({field: typed}))
        form.validate()
        shown = [web.words(str(each), {}) for each in form[field].errors]
    assert shown == [words]


def test_a_hidden_version_that_is_no_number_is_an_old_version() -> None:
    assert web.whole("7") == 7
    for odd in ("", None, "abc", "²", "9" * 30, "1.5", "\x00"):
        assert web.whole(odd) == 0


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere", "/\\elsewhere", ""])
def test_the_way_back_never_leads_to_another_site(target: str) -> None:
    assert web.own_path(target) == "/"
    assert web.own_path("/orders/1?a=b") == "/orders/1?a=b"


def test_after_a_conflict_the_form_shows_both_versions_and_may_be_sent_again(
    database: Database, app: Flask
) -> None:
    stale = Conflict("Changed.", theirs={"Name": "王"}, yours={"Name": "李"}, version=4)
    with app.test_request_context("/"):
        form = Sample(MultiDict({"version": "3"}))
        form.refuse(stale)
        assert form.both_versions == [("Name", "王", "李")]
    assert form.status == 409
    assert form.version.data == "4"


def test_a_sign_that_no_database_keeps_is_dropped(database: Database, app: Flask) -> None:
    assert read(app, text="a\x00b").text.data == "ab"


def test_an_act_without_a_form_is_kept_whole_or_not_at_all(database: Database, app: Flask) -> None:
    def add(name: str, refusal: Conflict | None = None) -> None:
        factories.make_user(RoleName.CASHIER, name=name)
        if refusal is not None:
            raise refusal

    late = Conflict("Somebody was quicker.")
    with app.test_request_context("/"):
        assert web.carry_out(lambda: add("kept")) is None
        assert web.carry_out(lambda: add("lost", late)) is late
    names = set(session.scalars(select(User.display_name)))
    assert "kept" in names
    assert "lost" not in names


@pytest.mark.parametrize(
    "content",
    [
        '{% from "macros/forms.html" import form_errors %}{{ form_errors(form) }}',
        '{{ form.form_errors|join(" ") }}',
        "{{ form.form_errors[0]|string|t }}",
        "nothing of the form",
    ],
)
def test_a_refusal_is_said_once_whether_its_form_is_on_the_page_or_not(
    database: Database, app: Flask, content: str
) -> None:
    page = '{% extends "skeleton.html" %}{% block content %}' + content + "{% endblock %}"
    with app.test_request_context("/"):
        form = Sample(MultiDict())
        form.refuse(RuleBroken("The car's <key> is missing."))
        text = render_template_string(page, form=form)
    assert text.count("The car&#39;s &lt;key&gt; is missing.") == 1
