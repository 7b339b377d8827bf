"""The attributes of a field's control."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from wtforms import DecimalField, IntegerField, StringField

from tests.databases import Database
from workshop import web
from workshop.web import fields


class Sample(web.Form):
    class Meta(web.Form.Meta):
        csrf = False

    number = IntegerField("Number")
    amount = DecimalField("Amount")
    text = StringField("Text")


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("number", {"type": "text", "inputmode": "numeric", "autocomplete": "off"}),
        ("amount", {"type": "text", "inputmode": "decimal", "autocomplete": "off"}),
        ("text", {}),
    ],
)
def test_a_number_is_typed_into_a_text_field_with_the_right_keyboard(
    database: Database, app: Flask, name: str, attributes: dict[str, Any]
) -> None:
    with app.test_request_context("/"):
        assert fields.attributes(Sample()[name], None, {"prefix": "¥"}) == attributes


def test_a_screen_reader_hears_the_hint_and_the_error_of_a_field(
    database: Database, app: Flask
) -> None:
    with app.test_request_context("/"):
        field = Sample().text
        field.errors = ["Wrong."]
        assert fields.attributes(field, "A hint", {"rows": 3}) == {
            "rows": 3,
            "aria_invalid": "true",
            "aria_describedby": "text-hint text-error",
        }
