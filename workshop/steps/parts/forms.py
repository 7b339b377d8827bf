"""Forms of the parts counter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from workshop import web
from workshop.errors import N_
from workshop.shop.models import Technician
from workshop.steps.parts import rules
from workshop.steps.parts.rules import ReturnReason


class CountForm(web.Form):
    """What was counted on the shelf."""

    counted = StringField(
        N_("Counted"),
        validators=web.QUANTITY,
        filters=[web.half_width],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    reason = StringField(
        N_("Reason"), validators=[DataRequired(N_("Say why the count differs.")), Length(max=110)]
    )

    @property
    def counted_milli(self) -> int:
        """What was counted, in thousandths of the unit."""
        return web.milli_from_text(self.counted.data, "counted")


class IssueForm(web.Form):
    """Who takes the basket."""

    technician_id = SelectField(N_("Issued to"), coerce=int)

    def offer(self, technicians: Sequence[Technician], likely: Technician | None) -> None:
        """Fill in the choices; the technician of the job is chosen already."""
        self.technician_id.choices = [SelectChoice(each.id, each.name) for each in technicians]
        if self.technician_id.data is None and likely is not None:
            self.technician_id.data = likely.id


class UnusedForm(web.QuantityForm):
    """How many pieces were not used, and why."""

    reason = SelectField(
        N_("Reason"),
        choices=web.choices(ReturnReason),
        default=ReturnReason.NOT_NEEDED.value,
    )

    @property
    def why(self) -> ReturnReason:
        """What was chosen."""
        return ReturnReason(self.reason.data)


class ReturnForm(UnusedForm):
    """What comes back to the counter: how many, why, and what is wrong with it."""

    note = StringField(N_("Note"), validators=[Length(max=200)])


class BasketForm(web.Form):
    """The number on the basket."""

    basket_no = IntegerField(
        N_("Basket"),
        validators=[
            InputRequired(N_("Enter the number on the basket.")),
            NumberRange(1, rules.MOST_BASKETS, N_("A basket number is from 1 to 999.")),
        ],
        filters=[web.half_width],
    )


class ExpectedForm(web.Form):
    """What the supplier said about a shortage."""

    day = DateField(N_("Expected on"), validators=[InputRequired(N_("Enter a date."))])
    time = TimeField(N_("Time"), validators=[InputRequired(N_("Enter a time."))])
    purchase_no = StringField(
        N_("Purchase order"), validators=[Optional(), Length(max=40)], filters=[web.half_width]
    )

    @property
    def expected_at(self) -> datetime:
        """The expected arrival."""
        return web.local_to_utc(self.day.data, self.time.data)
