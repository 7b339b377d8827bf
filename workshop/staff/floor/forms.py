"""Forms of shared devices."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.staff.floor import queries


class EnterForm(web.Form):
    """Who one is, and the PIN."""

    person = RadioField(N_("Who are you?"), [InputRequired(N_("Choose your name."))])
    pin = PasswordField(
        N_("PIN"),
        [InputRequired(N_("Enter your PIN.")), Length(max=12)],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 6},
    )

    def offer(self, branch_id: int) -> None:
        """Whose names stand on the device."""
        people = queries.list_people(branch_id)
        self.person.choices = [SelectChoice(str(each.id), each.display_name) for each in people]


class PairDeviceForm(web.Form):
    """The code that a device shows, and what it is called."""

    code = StringField(
        N_("Code on the device"),
        [Length(max=12)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    name = StringField(
        N_("Name of the device"), [Length(max=60)], render_kw={"autocomplete": "off"}
    )


class NameDeviceForm(web.Form):
    """Another name of a device."""

    name = StringField(
        N_("Name of the device"), [Length(max=60)], render_kw={"autocomplete": "off"}
    )
