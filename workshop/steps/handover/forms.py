"""What is typed at the handover. Each part of the page is a form of its own."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, Self, TypeVar

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

E = TypeVar("E", bound=Enum)


def choices(kind: type[Enum]) -> list[SelectChoice]:
    """The members of an enum as value and label, for a field."""
    return [SelectChoice(member.value, member.label) for member in kind]  # type: ignore[attr-defined]  # Each has one.


def member(kind: type[E], value: str | None) -> E | None:
    """The chosen member; None when none was chosen."""
    return next((each for each in kind if each.value == value), None)


class WholeNumber(IntegerField):  # type: ignore[misc]  # WTForms ships no types.
    """A whole number, typed with full-width digits, blanks or thousands marks as people do."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean and read what was typed; what is no number stays typed."""
        self.data = None
        self.raw_data = valuelist
        plain = (web.half_width(valuelist[0]) or "") if valuelist else ""
        plain = plain.replace(",", "").replace(" ", "").removesuffix("km")
        if not plain:
            return
        try:
            self.data = int(plain)
        except ValueError as error:
            raise ValueError(N_("Write a whole number.")) from error


class HandoverForm(web.Form):
    """Base of the forms of the page; the key keeps their fields apart."""

    key = ""

    @classmethod
    def posted(cls) -> Self:
        """The form as it was sent."""
        return cls(prefix=cls.key)

    @classmethod
    def blank(cls, **values: Any) -> Self:
        """The form as the page offers it."""
        return cls(prefix=cls.key, formdata=None, data=values)


class NoticeForm(HandoverForm):
    """The customer was told, or was not reached."""

    key = "notice"
    channel = RadioField(
        N_("Told by"), choices=choices(Channel), default=Channel.PHONE.value, validate_choice=False
    )
    note = StringField(N_("Note"), [Length(max=200)])


class WalkForm(HandoverForm):
    """The second walk-round."""

    key = "walk"
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


class NextForm(HandoverForm):
    """The next service."""

    key = "next"
    mileage_km = WholeNumber(N_("Mileage now"))
    due_on = DateField(N_("Next service on"))
    due_km = WholeNumber(N_("or at"))
    reminders = TextAreaField(N_("Friendly reminders"), [Length(max=2000)])


class CollectorForm(HandoverForm):
    """Who takes the car."""

    key = "collector"
    collector = RadioField(
        N_("Who collects"), choices=choices(Collector), default="", validate_choice=False
    )
    name = StringField(N_("Name"), [Length(max=80)])
    phone = StringField(N_("Phone"), [Length(max=32)], filters=[web.half_width])
    proof = RadioField(
        N_("Why this person may take it"), choices=choices(Proof), validate_choice=False
    )
    code = StringField(N_("Pick-up code"), [Length(max=12)], filters=[web.half_width])
    note = StringField(N_("How and when the customer confirmed it"), [Length(max=200)])


class FollowupForm(HandoverForm):
    """When the customer wants to be asked."""

    key = "followup"
    followup_day = DateField(N_("Day"))
    followup_time = TimeField(N_("Time"))
    channel = RadioField(
        N_("Reached by"),
        choices=choices(Channel),
        default=Channel.PHONE.value,
        validate_choice=False,
    )
    refused = StringField(N_("Does not want it, because"), [Length(max=200)])

    @property
    def wished_at(self) -> datetime | None:
        """The agreed time as UTC; None while day or time is missing."""
        day, hour = self.followup_day.data, self.followup_time.data
        return web.local_to_utc(day, hour) if day and hour else None


class DeliverForm(HandoverForm):
    """The signature of who takes the car."""

    key = "deliver"
    signature = HiddenField()
    signature_typed = StringField(N_("Name of who takes the car"), [Length(max=80)])
