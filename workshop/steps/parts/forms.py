"""Forms of the parts counter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from workshop.errors import N_, Invalid
from workshop.shop.models import Technician
from workshop.steps.parts import rules
from workshop.web import Form, error_words, half_width, local_to_utc

_Check = Callable[[Any, Any], None]


def _is_quantity(_form: Any, field: Any) -> None:
    try:
        rules.milli_from_text(field.data or "", field.name)
    except Invalid as error:
        raise ValidationError(error_words(error)) from error


_QUANTITY: Sequence[_Check] = (InputRequired(N_("Enter a quantity.")), _is_quantity)


class QuantityForm(Form):
    """How many of one line are meant."""

    quantity = StringField(
        N_("Quantity"),
        validators=_QUANTITY,
        filters=[half_width],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    @property
    def quantity_milli(self) -> int:
        """The quantity in thousandths of the unit."""
        return rules.milli_from_text(self.quantity.data)


class ReceiptForm(QuantityForm):
    """Goods that came in, with where they come from (R11)."""

    part_no = StringField(
        N_("Part number"),
        validators=[InputRequired(N_("Enter the part number."))],
        filters=[half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    supplier = StringField(
        N_("Supplier"), validators=[InputRequired(N_("Say who delivered.")), Length(max=60)]
    )
    document = StringField(
        N_("Delivery note or invoice"),
        validators=[InputRequired(N_("Enter the number of the delivery note.")), Length(max=50)],
        filters=[half_width],
    )
    bin_code = StringField(N_("Bin"), validators=[Length(max=20)], filters=[half_width])

    @property
    def origin(self) -> str:
        """Where the goods come from, as the ledger keeps it."""
        return f"{self.supplier.data} · {self.document.data}"


class CountForm(Form):
    """What was counted on the shelf."""

    counted = StringField(
        N_("Counted"),
        validators=_QUANTITY,
        filters=[half_width],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    reason = StringField(
        N_("Reason"), validators=[InputRequired(N_("Say why the count differs.")), Length(max=110)]
    )

    @property
    def counted_milli(self) -> int:
        """What was counted, in thousandths of the unit."""
        return rules.milli_from_text(self.counted.data, "counted")


class IssueForm(Form):
    """Who takes the basket."""

    technician_id = SelectField(N_("Issued to"), coerce=int)

    def offer(self, technicians: Sequence[Technician], likely: Technician | None) -> None:
        """Fill in the choices; the technician of the job is chosen already."""
        self.technician_id.choices = [SelectChoice(each.id, each.name) for each in technicians]
        if self.technician_id.data is None and likely is not None:
            self.technician_id.data = likely.id


class BasketForm(Form):
    """The number on the basket."""

    basket_no = IntegerField(
        N_("Basket"),
        validators=[
            InputRequired(N_("Enter the number on the basket.")),
            NumberRange(1, rules.MOST_BASKETS, N_("A basket number is from 1 to 999.")),
        ],
        filters=[half_width],
    )


class ExpectedForm(Form):
    """What the supplier said about a shortage."""

    day = DateField(N_("Expected on"), validators=[InputRequired(N_("Enter a date."))])
    time = TimeField(N_("Time"), validators=[InputRequired(N_("Enter a time."))])
    purchase_no = StringField(
        N_("Purchase order"), validators=[Optional(), Length(max=40)], filters=[half_width]
    )

    @property
    def expected_at(self) -> datetime:
        """The expected arrival."""
        return local_to_utc(self.day.data, self.time.data)
