"""Forms of a customer and a vehicle: what is known of them, a new plate, a new owner."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from workshop import web
from workshop.customers import rules as customer_rules
from workshop.customers.identity.asking import Typed
from workshop.customers.models import Channel, EnergyType, Vehicle, VehicleClass
from workshop.errors import N_

_GIVE = "give"


class CustomerForm(web.Form):
    """What is known of a customer."""

    version = HiddenField()
    name = StringField(
        N_("Name"), [InputRequired(N_("Enter the customer's name.")), Length(max=80)]
    )
    phone = StringField(
        N_("Phone"),
        [InputRequired(N_("Enter a phone number.")), Length(max=32)],
        filters=[web.half_width],
        render_kw={"inputmode": "tel"},
    )
    channel = RadioField(
        N_("Wishes to be reached by"),
        choices=web.choices(Channel),
        coerce=Channel,
        default=Channel.PHONE,
    )
    is_company = BooleanField(N_("A company"))
    credit_code = StringField(
        N_("Unified social credit code"), [Length(max=18)], filters=[web.half_width]
    )
    address = StringField(N_("Address"), [Length(max=200)])
    remark = TextAreaField(N_("Remark"), [Length(max=2000)])


class VehicleForm(web.Form):
    """What is known of a vehicle; its plate has a form of its own once it is made."""

    version = HiddenField()
    plate = StringField(N_("Plate"), [Length(max=16)], filters=[web.half_width])
    vin = StringField(N_("VIN"), [Length(max=40)], filters=[web.half_width])
    make = StringField(N_("Make"), [Length(max=40)])
    model = StringField(N_("Model"), [Length(max=60)])
    colour = StringField(N_("Colour"), [Length(max=20)])
    energy = RadioField(
        N_("Energy"), choices=web.choices(EnergyType), coerce=EnergyType, default=EnergyType.FUEL
    )
    vehicle_class = SelectField(
        N_("Class of the car"),
        choices=[SelectChoice("", "—"), *web.choices(VehicleClass)],
        default="",
        description=N_("Book times and quantities go by it; unknown counts as mid-size."),
    )

    @property
    def chosen_class(self) -> VehicleClass | None:
        """The class that was chosen, if any."""
        return web.member(VehicleClass, self.vehicle_class.data)


class PlateForm(web.Form):
    """The vehicle's new plate."""

    plate = StringField(N_("New plate"), [Length(max=16)], filters=[web.half_width])
    car_answer = HiddenField()


class OwnerForm(web.Form):
    """Whose the vehicle is from now on."""

    name = StringField(N_("Name"), [Length(max=80)])
    phone = StringField(
        N_("Phone"),
        [Length(max=32)],
        filters=[web.half_width],
        render_kw={"inputmode": "tel"},
    )
    person_answer = HiddenField()
    appointments = RadioField(
        N_("Appointments of the owner so far"),
        choices=[
            SelectChoice(_GIVE, N_("go to the new owner")),
            SelectChoice("keep", N_("stay with the owner so far")),
        ],
        validate_choice=False,
    )

    @property
    def gives_appointments(self) -> bool:
        """Whether the new owner takes the appointments over."""
        return bool(self.appointments.data == _GIVE)

    @property
    def unsaid(self) -> dict[str, str]:
        """What a new owner needs and nobody typed: message by field."""
        wanted = {"name": customer_rules.NO_NAME, "phone": customer_rules.NO_PHONE}
        return {name: words for name, words in wanted.items() if not self[name].data}

    def typed(self, vehicle: Vehicle) -> Typed:
        """What was typed about this vehicle's owner."""
        name, phone = self.name.data or "", self.phone.data or ""
        return Typed("", "", name, phone, "", self.person_answer.data or "", vehicle)
