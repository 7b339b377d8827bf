"""A quantity that people type."""

from __future__ import annotations

import pytest

from workshop import web
from workshop.errors import Invalid


@pytest.mark.parametrize(("text", "milli"), [("2", 2000), (" 4.5 ", 4500), ("0.001", 1), ("0", 0)])
def test_a_typed_quantity_is_read_in_thousandths(text: str, milli: int) -> None:
    assert web.milli_from_text(text) == milli


@pytest.mark.parametrize("text", ["", "two", "-1", "0.0001", "NaN", "Infinity", "1e9"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="Enter a quantity"):
        web.milli_from_text(text)
