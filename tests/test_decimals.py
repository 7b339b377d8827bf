"""One reader for all numbers that people type."""

from __future__ import annotations

import pytest

from workshop import decimals, money, web
from workshop.errors import Invalid
from workshop.steps.parts.register import forms as register
from workshop.web.fields import WholeNumber

RIGHT = (
    ("2", 3, 2000),
    (" 4.5 ", 3, 4500),
    ("0.001", 3, 1),
    ("0", 3, 0),
    ("4.", 3, 4000),
    (".5", 3, 500),
    ("1.5000", 3, 1500),
    ("４．５", 3, 4500),
    ("１２，３４５", 0, 12345),
    ("1,234.50", 2, 123_450),
    ("-3.2", 2, -320),
    ("\N{MINUS SIGN}3", 0, -3),
    ("007", 0, 7),
    ("13.0", 0, 13),
)
NO_NUMBERS = (
    *("", " ", ".", "-", "-.", "two", "1e2", "1E2", "1e-2", "NaN", "nan", "Infinity", "-inf"),
    *("0x10", "1_000", "+5", "--5", "1.2.3", "1,5", "12,34", "1 000", "½", "²", "①", "٣", "३"),
    *("五", "1/2", "5%", "9" * 31, "9" * 5000, "1\n2", "0." + "0" * 5000),
)


@pytest.mark.parametrize(("text", "places", "scaled"), RIGHT)
def test_digits_and_one_decimal_sign_are_a_number(text: str, places: int, scaled: int) -> None:
    assert decimals.read_scaled(text, places) == scaled


@pytest.mark.parametrize("text", NO_NUMBERS, ids=lambda text: repr(text[:12]))
def test_nothing_else_is_a_number(text: str) -> None:
    assert decimals.read_scaled(text, 3) is None


def test_what_is_finer_than_the_field_keeps_is_no_number_of_it() -> None:
    assert decimals.read_scaled("0.0001", 3) is None
    assert decimals.read_scaled("1.5", 0) is None


@pytest.mark.parametrize("text", ["1e2", "NaN", "1_000", "٣", "²", "9" * 5000])
def test_every_kind_of_field_reads_by_the_same_rule(text: str) -> None:
    field = WholeNumber().bind(form=None, name="n", prefix="", _meta=web.Form.Meta())
    with pytest.raises(ValueError, match="whole number"):
        field.process_formdata([text])
    with pytest.raises(Invalid):
        web.milli_from_text(text)
    with pytest.raises(Invalid):
        money.fen_from_text(text)
    with pytest.raises(Invalid):
        register.basis_points(text, "tax")
