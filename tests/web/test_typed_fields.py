"""What cannot be seen is no part of a name, plate or code: asked of each text field there is."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired

import workshop
from workshop import web

# Marks, joiners, direction, NUL, an odd blank, a full-width letter and digit, blanks at the end.
TYPED = "\u200b\ufeff王\u202e\x00\u2060B\u3000\u00ad１Ｃ\u2003 \t"
UNSEEN = re.compile("[\u200b\ufeff\u202e\x00\u2060\xad\u2003]")
NAMES = re.compile(
    "^(name|name_zh|name_en|short_name|contact_name|bringer_name|pick_up_name|witness_name"
    "|who|signature_typed)$"
)
CODES = re.compile(
    "^(plate|loaner_plate|vin|phone|contact_phone|bringer_phone|reachable_phone|pick_up_phone"
    "|complaint_phone|code|credit_code|bin_code|no|part_no|oe_no|their_no|successor_no|tax_no"
    "|licence_no|engine_no|contract_no|claim_no|credit_no|invoice_no|purchase_no|barcode|username)$"
)


def text_fields() -> Iterator[tuple[str, str, UnboundField]]:
    """Each text field of each form: where it stands, its name, and what makes it."""
    for module in pkgutil.walk_packages(workshop.__path__, "workshop."):
        if module.name.endswith(("forms", "views")):
            importlib.import_module(module.name)
    for form in _below(web.Form):
        for name in dir(form):
            made = getattr(form, name)
            if isinstance(made, UnboundField) and _is_text(made.field_class):
                yield f"{form.__module__}.{form.__name__}", name, made


def _below(form: type) -> Iterator[type]:
    for each in form.__subclasses__():
        yield each
        yield from _below(each)


def _is_text(kind: type) -> bool:
    return issubclass(kind, StringField) and not issubclass(kind, PasswordField)


def read(app: Flask, name: str, made: UnboundField) -> str:
    """What a form takes for the field when somebody types all that has no look."""
    one = type("One", (web.Form,), {name: made})
    with app.test_request_context(method="POST", data={name: TYPED}):
        return str(one(meta={"csrf": False})[name].data)


@pytest.fixture(scope="module")
def found() -> list[tuple[str, str, UnboundField]]:
    return list(text_fields())


def test_no_text_of_any_form_has_what_cannot_be_seen(
    app: Flask, found: list[tuple[str, str, UnboundField]]
) -> None:
    assert len(found) > 150
    for form, name, made in found:
        said = read(app, name, made)
        assert not UNSEEN.search(said), (form, name, said)
        if made.field_class is StringField:
            assert said == said.strip(), (form, name, said)


def test_names_and_codes_are_read_alike_in_every_form(
    app: Flask, found: list[tuple[str, str, UnboundField]]
) -> None:
    names = [each for each in found if NAMES.fullmatch(each[1])]
    codes = [each for each in found if CODES.fullmatch(each[1])]
    assert len(names) > 30
    assert len(codes) > 40
    for form, name, made in names:
        assert read(app, name, made) == "王B 1C", (form, name)
    for form, name, made in codes:
        assert read(app, name, made) in ("王B 1C", "王B1C", "王b 1c"), (form, name)


def test_every_field_for_a_name_or_a_code_is_in_one_of_the_two_lists(
    found: list[tuple[str, str, UnboundField]],
) -> None:
    telling = re.compile(r"(name|plate|vin|phone|code|barcode|_no|^no)$")
    named = {name for _, name, _ in found if telling.search(name)}
    assert {each for each in named if not NAMES.match(each) and not CODES.match(each)} == set()


def test_three_blanks_are_nothing_in_every_text_that_must_be_said(
    found: list[tuple[str, str, UnboundField]],
) -> None:
    # That one looks at what was sent, before blanks are taken away.
    texts = [each for each in found if each[2].field_class in (StringField, TextAreaField)]
    assert not [(form, name) for form, name, made in texts if _has(made, InputRequired)]
    assert len([name for _, name, made in texts if _has(made, DataRequired)]) > 30


def _has(made: UnboundField, kind: type) -> bool:
    given = made.kwargs.get("validators") or (made.args[1] if len(made.args) > 1 else ())
    return any(isinstance(each, kind) for each in given or ())
