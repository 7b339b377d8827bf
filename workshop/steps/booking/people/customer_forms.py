"""Forms of a customer and a vehicle: what is known of them, a new plate, a new owner."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from workshop import web
from workshop.customers import rules as customer_rules
from workshop.customers.identity.asking import Typed
from workshop.customers.models import Channel, EnergyType, Vehicle, VehicleClass
from workshop.customers.particulars import PAPER_LABELS, PERSON_LABELS, Papers, Person
from workshop.errors import N_

_GIVE = "give"


class CustomerForm(web.Form):
    """What is known of a customer."""

    version = HiddenField()
    name = StringField(N_("Name"), [DataRequired(N_("Enter the customer's name.")), Length(max=80)])
    phone = StringField(
        N_("Phone"),
        [DataRequired(N_("Enter a phone number.")), Length(max=32)],
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
    birthday = DateField(PERSON_LABELS["birthday"], [Optional()])
    source = StringField(PERSON_LABELS["source"], [Length(max=40)])
    tier = StringField(PERSON_LABELS["tier"], [Length(max=20)])
    remark = TextAreaField(N_("Remark"), [Length(max=2000)])

    @property
    def person(self) -> Person:
        """What is said of the person."""
        return Person(self.birthday.data, self.source.data or "", self.tier.data or "")


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
    engine_no = StringField(PAPER_LABELS["engine_no"], [Length(max=40)], filters=[web.half_width])
    first_registered_on = DateField(PAPER_LABELS["first_registered_on"], [Optional()])
    model_year = IntegerField(PAPER_LABELS["model_year"], [Optional()])
    inspection_due_on = DateField(PAPER_LABELS["inspection_due_on"], [Optional()])
    insurance_due_on = DateField(PAPER_LABELS["insurance_due_on"], [Optional()])

    @property
    def papers(self) -> Papers:
        """What is said of the car's papers."""
        known = {name: self[name].data for name in PAPER_LABELS}
        return Papers(**known | {"engine_no": self.engine_no.data or ""})

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
