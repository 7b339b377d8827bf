"""The form of the dashboard: odometers, level, and the lamps that are lit."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from workshop import web
from workshop.errors import N_, Invalid
from workshop.orders.models import RepairOrder
from workshop.steps.reception import rules
from workshop.steps.reception.forms import REQUIRED
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import WarningLamp
from workshop.web.fields import WholeNumber


class GaugesForm(web.Form):
    """Odometer, fuel or charge level, and the lamps that are lit."""

    seen = HiddenField()
    mileage_km = WholeNumber(N_("Mileage"), [InputRequired(REQUIRED)])
    ev_km = WholeNumber(N_("Kilometres by battery"), [Optional()])
    odometer_replaced = BooleanField(N_("Odometer replaced"))
    correction_reason = StringField(N_("Why the mileage is corrected"), [Length(max=200)])
    eighths = RadioField(
        N_("Fuel level"),
        [Optional()],
        choices=[
            SelectChoice("0", N_("E")),
            SelectChoice("1", "1/8"),
            SelectChoice("2", "1/4"),
            SelectChoice("3", "3/8"),
            SelectChoice("4", "1/2"),
            SelectChoice("5", "5/8"),
            SelectChoice("6", "3/4"),
            SelectChoice("7", "7/8"),
            SelectChoice("8", N_("F")),
        ],
        coerce=int,
    )
    percent = WholeNumber(
        N_("Charge level"), [Optional(), NumberRange(0, 100, N_("Between 0 and 100."))]
    )
    lamps = SelectMultipleField(N_("Warning lamps that are lit"), choices=web.choices(WarningLamp))
    lamps_note = StringField(N_("About the lamps"), [Length(max=200)])

    def level(self, is_electric: bool) -> int:
        """The level in per cent. Raises Invalid at the field that was left empty."""
        if is_electric:
            if self.percent.data is None:
                raise Invalid(N_("Read the charge level."), field="percent")
            return int(self.percent.data)
        if self.eighths.data is None:
            raise Invalid(N_("Read the fuel level."), field="eighths")
        return rules.percent_of_eighths(self.eighths.data)

    def fill(self, order: RepairOrder, walkaround: Walkaround, seen: str) -> None:
        """Show what is kept."""
        self.seen.data = seen
        self.mileage_km.data = order.mileage_km
        self.ev_km.data = order.ev_km
        self.odometer_replaced.data = walkaround.odometer_replaced
        self.lamps.data = list(walkaround.lamps)
        self.lamps_note.data = walkaround.lamps_note
        if order.energy_percent is not None:
            self.percent.data = order.energy_percent
            self.eighths.data = rules.eighths_of_percent(order.energy_percent)
