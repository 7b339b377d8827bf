"""Forms of the step: the one-screen booking, and the small ones of an appointment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from workshop import web
from workshop.customers.models import Channel, EnergyType, VehicleClass
from workshop.errors import N_, Invalid
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.booking.models import AppointmentKind, AppointmentSource, ContactResult

NO_TIME = N_("Choose a time.")
CLASSES = [SelectChoice("", "—"), *web.choices(VehicleClass)]
CLASS_HINT = N_("Book times and quantities go by it; unknown counts as mid-size.")


def _number(text: Any) -> int | None:
    return web.whole(text, -1) if text not in (None, "") else None


def _people(first: str, people: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    named = [SelectChoice(str(number), name) for number, name in people]
    return [SelectChoice("", gettext(first)), *named]


class KnownForm(web.Form):
    """By what a car and its customer are known; the answers are those of the identity desk."""

    plate = StringField(filters=[web.half_width])
    vin = StringField(filters=[web.half_width])
    name = StringField()
    phone = StringField(filters=[web.half_width])
    car_answer = HiddenField()
    person_answer = HiddenField()
    owner_appointments = HiddenField()

    @property
    def gives_appointments(self) -> bool:
        """Whether a new owner takes the appointments over."""
        return bool(self.owner_appointments.data == "give")

    @property
    def identity(self) -> tuple[str, str, str, str, str, str]:
        """Plate, VIN, name and phone as they were typed, and the answers at the desk."""
        names = ("plate", "vin", "name", "phone", "car_answer", "person_answer")
        plate, vin, name, phone, car, person = (self[each].data or "" for each in names)
        return plate, vin, name, phone, car, person


class BookingForm(KnownForm):
    """From a plate or phone number to a booked job.

    A known car comes by `vehicle_id`; else plate, VIN, name and phone make one. `slot` is
    "<advisor id>@<POSIX seconds>", as a page offered it.
    """

    vehicle_id = HiddenField()
    version = HiddenField()
    # The customer's own request that becomes this appointment.
    online = HiddenField()
    plate = StringField(
        N_("Plate"),
        [Optional(), Length(max=16)],
        filters=[web.half_width],
        render_kw={"autocapitalize": "characters", "maxlength": 16},
    )
    vin = StringField(N_("VIN"), [Optional(), Length(max=40)], filters=[web.half_width])
    make = StringField(N_("Make"), [Optional(), Length(max=40)])
    model = StringField(N_("Model"), [Optional(), Length(max=60)])
    energy = RadioField(
        N_("Energy"), choices=web.choices(EnergyType), coerce=EnergyType, default=EnergyType.FUEL
    )
    vehicle_class = SelectField(
        N_("Class of the car"), choices=CLASSES, default="", description=CLASS_HINT
    )
    name = StringField(N_("Name"), [Optional(), Length(max=80)])
    phone = StringField(
        N_("Phone"),
        [Optional(), Length(max=32)],
        filters=[web.half_width],
        render_kw={"inputmode": "tel"},
    )
    contact_name = StringField(N_("Who comes"), [Optional(), Length(max=80)])
    contact_phone = StringField(
        N_("Reached at"),
        [Optional(), Length(max=32)],
        filters=[web.half_width],
        render_kw={"inputmode": "tel"},
    )
    concern = TextAreaField(N_("Customer concern"), [Length(max=2000)])
    kind = RadioField(
        N_("Kind of visit"),
        choices=web.choices(AppointmentKind),
        coerce=AppointmentKind,
        default=AppointmentKind.REPAIR,
    )
    source = SelectField(
        N_("Came by"),
        choices=web.choices(AppointmentSource),
        coerce=AppointmentSource,
        default=AppointmentSource.PHONE,
    )
    channel = SelectField(
        N_("Remind by"), choices=web.choices(Channel), coerce=Channel, default=Channel.PHONE
    )
    stays = RadioField(
        N_("Stay or leave"),
        default="",
        choices=[
            SelectChoice("", N_("Not known yet")),
            SelectChoice("stays", N_("Waits here")),
            SelectChoice("leaves", N_("Leaves")),
        ],
    )
    advisor_id = SelectField(N_("Service advisor"), coerce=_number, default="")
    technician_id = SelectField(N_("Wished technician"), coerce=_number, default="")
    operations = SelectMultipleField(N_("Operations"), coerce=int, validate_choice=False)
    deferred = SelectMultipleField(N_("Deferred work"), coerce=int, validate_choice=False)
    day = DateField(N_("Day"), [Optional()])
    slot = StringField(N_("Time"))
    reason = StringField(N_("Why another time"), [Optional(), Length(max=200)])
    overbook_reason = StringField(
        N_("Why it is booked all the same"), [Optional(), Length(max=200)]
    )

    def offer_people(self, advisors: list[User], technicians: list[Technician]) -> None:
        """Fill in who may be wished for."""
        self.advisor_id.choices = _people(
            N_("Whoever is free"), ((each.id, each.display_name) for each in advisors)
        )
        self.technician_id.choices = _people(
            N_("Nobody in particular"), ((each.id, each.name) for each in technicians)
        )

    @property
    def chosen_class(self) -> VehicleClass | None:
        """The class that was chosen, if any."""
        return web.member(VehicleClass, self.vehicle_class.data)

    @property
    def names_caller(self) -> bool:
        """Whether something was said by which a new car or customer can be made."""
        said = (self.plate.data, self.vin.data, self.name.data, self.phone.data)
        return any(said) or bool(self.errors)

    @property
    def will_stay(self) -> bool | None:
        """Whether the customer waits here; None while it is not known."""
        return {"stays": True, "leaves": False}.get(self.stays.data)

    def chosen_slot(self) -> tuple[int, datetime]:
        """The advisor's id and the time that were chosen; raises Invalid when none was."""
        advisor, _, seconds = (self.slot.data or "").partition("@")
        try:
            return web.whole(advisor), datetime.fromtimestamp(int(seconds), UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise Invalid(NO_TIME, field="slot") from error


def near(day: date | None) -> date | None:
    """The day, unless it lies in another century: a typing mistake."""
    return day if day is not None and 2000 <= day.year < 2100 else None


def slot_value(advisor_id: int, at: datetime) -> str:
    """How a slot travels in a form."""
    return f"{advisor_id}@{int(at.timestamp())}"


class EditForm(web.Form):
    """The buttons inside the booking screen: take an operation on or off, look at another day."""

    class Meta(web.Form.Meta):
        csrf = False

    add = IntegerField(validators=[Optional()])
    remove = IntegerField(validators=[Optional()])
    package = IntegerField(validators=[Optional()])
    go = DateField(validators=[Optional()])


class DayForm(web.Form):
    """Which day's board to show."""

    class Meta(web.Form.Meta):
        csrf = False

    day = DateField(N_("Day"), [Optional()])

    def chosen(self, otherwise: date) -> date:
        """The day asked for; an impossible one shows the usual day."""
        return near(self.day.data) or otherwise


class ReasonForm(web.Form):
    """Why an appointment is cancelled or was missed: a chip or own words."""

    chip = StringField(N_("Reason"))
    reason = StringField(N_("In other words"), [Length(max=200)])

    @property
    def words(self) -> str:
        """The own words, or else the chip."""
        return self.reason.data or self.chip.data or ""


class ContactForm(web.Form):
    """What came of a call or message."""

    channel = RadioField(
        N_("Channel"), choices=web.choices(Channel), coerce=Channel, default=Channel.PHONE
    )
    result = RadioField(
        N_("Result"),
        [InputRequired(N_("Say what came of it."))],
        choices=web.choices(ContactResult),
        coerce=ContactResult,
    )
    note = StringField(N_("Note"), [Length(max=200)])
