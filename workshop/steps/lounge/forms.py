"""Forms of customer care."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from workshop import money, web
from workshop.cases.models import CaseTopic
from workshop.customers.models import Channel
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.steps.lounge.departure import Loaner, Sheet
from workshop.steps.lounge.enums import (
    CostBearer,
    Occasion,
    Transport,
)
from workshop.steps.lounge.models import Departure


class RecordForm(web.Form):
    """Where a waiting customer sits, what they drink, and whether they complained."""

    version = HiddenField()
    seat = StringField(N_("Seat or zone"), [Length(max=40)])
    drinks = StringField(N_("Drinks"), [Length(max=80)])
    remarks = TextAreaField(N_("Remarks"), [Length(max=1000)])
    complained = BooleanField(N_("The customer complained"))
    complaint = TextAreaField(N_("What about"), [Length(max=1000)])
    topic = SelectField(
        N_("Topic"), choices=web.choices(CaseTopic), default=CaseTopic.WAITING.value
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the service wants."""
        return {
            "seat": self.seat.data or "",
            "drinks": self.drinks.data or "",
            "remarks": self.remarks.data or "",
            "complained": bool(self.complained.data),
            "complaint": self.complaint.data or "",
            "topic": web.member(CaseTopic, self.topic.data) or CaseTopic.OTHER,
            "seen_version": web.whole(self.version.data),
        }


class ReportForm(web.Form):
    """What the customer was told, why and how."""

    occasion = SelectField(N_("Occasion"), choices=web.choices(Occasion))
    said = TextAreaField(
        N_("What the customer was told"),
        [DataRequired(N_("Write down what the customer was told.")), Length(max=1000)],
    )
    channel = RadioField(N_("How"), choices=web.choices(Channel), default=Channel.PHONE.value)
    # The words that the page began with, and the facts that they were made from.
    offered = HiddenField()
    facts = HiddenField()

    @property
    def values(self) -> dict[str, Any]:
        """What the service wants; who wrote own words answers for them."""
        is_offered = bool(self.facts.data) and _plain(self.said.data) == _plain(self.offered.data)
        return {
            "occasion": Occasion(self.occasion.data),
            "said": self.said.data,
            "channel": Channel(self.channel.data),
            "seen_facts": self.facts.data if is_offered else None,
        }

    @property
    def is_overtaken(self) -> bool:
        """Whether the facts changed after the page was opened."""
        return self.refusal is not None and self.refusal.code == "overtaken"


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


class ReturnForm(web.Form):
    """The loaner car as it comes back."""

    km_in = IntegerField(
        N_("Mileage on return"),
        [InputRequired(N_("Read the mileage of the loaner car.")), NumberRange(0, 2_000_000)],
    )
    energy_in = IntegerField(
        N_("Fuel or charge on return"),
        [InputRequired(N_("Read the fuel or charge level.")), NumberRange(0, 100)],
    )
    damage_in = StringField(N_("New damage"), [Length(max=400)])


class DepartureForm(web.Form):
    """The departure information sheet."""

    version = HiddenField()
    left_time = TimeField(N_("Left at"), [InputRequired(N_("Enter when the customer left."))])
    transport = RadioField(
        N_("How they travel on"),
        choices=web.choices(Transport),
        validators=[InputRequired(N_("Choose how the customer travels on."))],
    )
    destination = StringField(N_("Destination"), [Length(max=120)])
    cost_bearer = SelectField(N_("Who pays for the way"), choices=web.choices(CostBearer))
    driver = StringField(N_("Driver or vehicle"), [Length(max=80)])
    reachable_phone = StringField(
        N_("Reachable number while away"),
        [DataRequired(N_("Enter a number at which the customer can be reached."))],
        filters=[web.half_width],
    )
    best_time = StringField(N_("Best time to call"), [Length(max=60)])
    report_channel = RadioField(
        N_("Progress report by"), choices=web.choices(Channel), default=Channel.PHONE.value
    )
    report_time = TimeField(N_("Progress report at"), [Optional()])
    pick_up_name = StringField(
        N_("Who picks up the car"),
        [DataRequired(N_("Write down who picks up the car.")), Length(max=80)],
    )
    pick_up_phone = StringField(
        N_("Their phone"),
        [DataRequired(N_("Enter the phone number of who picks up the car."))],
        filters=[web.half_width],
    )
    contract_no = StringField(N_("Loaner contract number"), [Length(max=32)])
    loaner_plate = StringField(
        N_("Plate of the loaner car"), [Length(max=16)], filters=[web.half_width]
    )
    km_out = IntegerField(N_("Mileage on leaving"), [Optional(), NumberRange(0, 2_000_000)])
    energy_out = IntegerField(N_("Fuel or charge on leaving"), [Optional(), NumberRange(0, 100)])
    licence_checked = BooleanField(N_("Driving licence looked at"))
    deposit = StringField(N_("Deposit taken"), filters=[web.half_width])
    damage = StringField(N_("Damage on the loaner car"), [Length(max=400)])
    due_back = DateTimeLocalField(N_("Comes back at"), [Optional()])

    @classmethod
    def of(cls, order: RepairOrder, departure: Departure | None, now: datetime) -> DepartureForm:
        """The form with what is known: the sheet so far, or the person at the counter."""
        if departure is None:
            return cls(
                formdata=None,
                left_time=web.local(now).time().replace(second=0, microsecond=0),
                reachable_phone=order.bringer_phone,
                report_channel=order.customer.channel.value,
                pick_up_name=order.bringer_name,
                pick_up_phone=order.bringer_phone,
                version="0",
            )
        return cls(formdata=None, **_known(departure))

    def sheet(self, day: date) -> Sheet:
        """What was filled in, for the shop's `day`; raises Invalid for a wrong deposit."""
        transport = Transport(self.transport.data)
        return Sheet(
            left_at=web.local_to_utc(day, self.left_time.data),
            transport=transport,
            destination=self.destination.data or "",
            cost_bearer=CostBearer(self.cost_bearer.data),
            driver=self.driver.data or "",
            reachable_phone=self.reachable_phone.data,
            best_time=self.best_time.data or "",
            report_channel=Channel(self.report_channel.data),
            report_at=_at(day, self.report_time.data),
            pick_up_name=self.pick_up_name.data,
            pick_up_phone=self.pick_up_phone.data,
            loaner=self._loaner() if transport is Transport.LOANER else None,
        )

    @property
    def seen_version(self) -> int:
        """The version of the sheet that the page showed."""
        return web.whole(self.version.data)

    def _loaner(self) -> Loaner:
        due: datetime | None = self.due_back.data
        deposit = self.deposit.data
        return Loaner(
            contract_no=self.contract_no.data or "",
            plate=self.loaner_plate.data or "",
            km_out=self.km_out.data,
            energy_out=self.energy_out.data,
            licence_checked=bool(self.licence_checked.data),
            deposit_fen=money.fen_from_text(deposit, field="deposit") if deposit else None,
            damage=self.damage.data or "",
            due_at=_at(due.date(), due.time()) if due is not None else None,
        )


def _at(day: date, at: time | None) -> datetime | None:
    return web.local_to_utc(day, at) if at is not None else None


def _known(departure: Departure) -> dict[str, Any]:
    fen = departure.loaner_deposit_fen
    due_at = departure.loaner_due_at
    report_at = departure.report_at
    return {
        "version": str(departure.version),
        "left_time": web.local(departure.left_at).time(),
        "transport": departure.transport.value,
        "destination": departure.destination,
        "cost_bearer": departure.cost_bearer.value,
        "driver": departure.driver,
        "reachable_phone": departure.reachable_phone,
        "best_time": departure.best_time,
        "report_channel": departure.report_channel.value,
        "report_time": web.local(report_at).time() if report_at else None,
        "pick_up_name": departure.pick_up_name,
        "pick_up_phone": departure.pick_up_phone,
        "contract_no": departure.loaner_contract_no,
        "loaner_plate": departure.loaner_plate or "",
        "km_out": departure.loaner_km_out,
        "energy_out": departure.loaner_energy_out,
        "licence_checked": departure.loaner_licence_checked,
        "deposit": f"{fen / 100:.2f}" if fen is not None else "",
        "damage": departure.loaner_damage,
        "due_back": web.local(due_at).replace(tzinfo=None) if due_at else None,
    }
