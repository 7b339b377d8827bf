"""A quantity as people type it, and the form that asks for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from workshop import decimals
from workshop.errors import N_, Invalid
from workshop.web.fields import half_width
from workshop.web.forms import Form
from workshop.web.words import error_words

# A million units in one line is a slip of the finger.
_MOST_MILLI = 1_000_000_000
_Check = Callable[[Any, Any], None]


def _is_quantity(_form: Any, field: Any) -> None:
    try:
        milli_from_text(field.data or "", field.name)
    except Invalid as error:
        raise ValidationError(error_words(error)) from error


QUANTITY: Sequence[_Check] = (DataRequired(N_("Enter a quantity.")), _is_quantity)


class QuantityForm(Form):
    """How many of one line are meant."""

    quantity = StringField(
        N_("Quantity"),
        validators=QUANTITY,
        filters=[half_width],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    @property
    def quantity_milli(self) -> int:
        """The quantity in thousandths of the unit."""
        return milli_from_text(self.quantity.data)


def milli_from_text(text: str, field: str = "quantity") -> int:
    """A typed quantity in thousandths: “4.5” → 4500. Raises Invalid for what is no quantity."""
    milli = decimals.read_scaled(text, 3)
    if milli is None or not 0 <= milli <= _MOST_MILLI:
        raise Invalid(N_("Enter a quantity such as 2 or 4.5."), field=field)
    return milli
