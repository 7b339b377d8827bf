"""What is typed at the handover. Each part of the page is a form of its own."""

from __future__ import annotations

from datetime import datetime

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from workshop import web
from workshop.customers.models import Channel
from workshop.errors import N_
from workshop.steps.handover.rules import Collector, Proof


class NoticeForm(web.PartForm):
    """The customer was told, or was not reached."""

    key = "notice"
    channel = RadioField(
        N_("Told by"),
        choices=web.choices(Channel),
        default=Channel.PHONE.value,
        validate_choice=False,
    )
    note = StringField(N_("Note"), [Length(max=200)])


class WalkForm(web.PartForm):
    """The second walk-round."""

    key = "walk"
    seen = HiddenField()
    new_damage = RadioField(
        N_("New damage"),
        choices=[SelectChoice("no", N_("None")), SelectChoice("yes", N_("Yes, there is"))],
        validate_choice=False,
    )
    damage_note = TextAreaField(N_("What it is, and what was agreed"), [Length(max=2000)])

    @property
    def answer(self) -> bool | None:
        """Whether there is new damage; None while it is not said."""
        return {"yes": True, "no": False}.get(self.new_damage.data or "")


class NextForm(web.PartForm):
    """The next service."""

    key = "next"
    seen = HiddenField()
    mileage_km = IntegerField(N_("Mileage now"))
    due_on = DateField(N_("Next service on"))
    due_km = IntegerField(N_("or at"))
    reminders = TextAreaField(N_("Friendly reminders"), [Length(max=2000)])


class CollectorForm(web.PartForm):
    """Who takes the car."""

    key = "collector"
    seen = HiddenField()
    collector = RadioField(
        N_("Who collects"), choices=web.choices(Collector), default="", validate_choice=False
    )
    name = StringField(N_("Name"), [Length(max=80)])
    phone = StringField(N_("Phone"), [Length(max=32)], filters=[web.half_width])
    proof = RadioField(
        N_("Why this person may take it"), choices=web.choices(Proof), validate_choice=False
    )
    code = StringField(N_("Pick-up code"), [Length(max=12)], filters=[web.half_width])
    note = StringField(N_("How and when the customer confirmed it"), [Length(max=200)])


class FollowupForm(web.PartForm):
    """When the customer wants to be asked."""

    key = "followup"
    seen = HiddenField()
    followup_day = DateField(N_("Day"))
    followup_time = TimeField(N_("Time"))
    channel = RadioField(
        N_("Reached by"),
        choices=web.choices(Channel),
        default=Channel.PHONE.value,
        validate_choice=False,
    )
    refused = StringField(N_("Does not want it, because"), [Length(max=200)])

    @property
    def wished_at(self) -> datetime | None:
        """The agreed time as UTC; None while day or time is missing."""
        day, hour = self.followup_day.data, self.followup_time.data
        return web.local_to_utc(day, hour) if day and hour else None


class DiagnosisForm(web.AuthorityMixin, web.PartForm):
    """What the customer who declined the work signs for."""

    key = "diagnosis"
    price = StringField(N_("Price, tax included"), filters=[web.half_width])
    signature = HiddenField()
    signature_typed = StringField(N_("Name"), [Length(max=80)])


class DeliverForm(web.PartForm):
    """The signature of who takes the car."""

    key = "deliver"
    signature = HiddenField()
    signature_typed = StringField(N_("Name of who takes the car"), [Length(max=80)])
