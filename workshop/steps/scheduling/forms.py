"""The forms of scheduling; the services decide, the forms only keep what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from workshop import web
from workshop.customers.models import Channel
from workshop.errors import N_, Invalid, WorkshopError
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.shop.models import Bay, Branch, Technician
from workshop.steps.scheduling.board.dropping import DayDrop, Drop
from workshop.steps.scheduling.dispatch.place import Wish
from workshop.steps.scheduling.dispatch.service import Consent

_LOCAL = "%Y-%m-%dT%H:%M"
_CHANNELS = web.choices(Channel)
_OPEN_OR_CLOSED = [
    SelectChoice("no", lazy_gettext(N_("day off"))),
    SelectChoice("yes", lazy_gettext(N_("working day"))),
]


def _id_or_none(value: Any) -> int | None:
    return web.whole(value) if value not in (None, "", "None") else None


class ConsentFields(web.Form):
    """How, who and when the customer agreed to another day; empty when it stays the day."""

    consent_channel = SelectField(
        N_("How the customer agreed"), choices=_CHANNELS, default=Channel.PHONE.value
    )
    consent_by = StringField(N_("Who agreed"), validators=[Length(max=80)])
    consent_at = DateTimeLocalField(N_("When"), format=_LOCAL, validators=[Optional()])

    def consent(self, at: datetime) -> Consent | None:
        """The consent that was typed; None when nobody's name is given."""
        if not self.consent_by.data:
            return None
        typed = self.consent_at.data
        agreed_at = web.local_to_utc(typed.date(), typed.time()) if typed else at
        return Consent(Channel(self.consent_channel.data), self.consent_by.data, agreed_at)


class PlaceForm(ConsentFields):
    """Technician, bay, day, time and length of a job."""

    technician_id = SelectField(N_("Technician"), coerce=web.whole)
    bay_id = SelectField(N_("Bay"), coerce=_id_or_none)
    day = DateField(N_("Day"), validators=[InputRequired(N_("Give the day."))])
    time = TimeField(N_("Starts at"), validators=[InputRequired(N_("Give the time."))])
    minutes = IntegerField(
        N_("Minutes"),
        validators=[
            InputRequired(N_("Give the minutes.")),
            NumberRange(5, 720, N_("Between 5 and 720 minutes.")),
        ],
    )
    across = BooleanField(N_("May rest in the break"))
    reason = StringField(N_("Reason for the change"), validators=[Length(max=200)])
    version = HiddenField()
    back = HiddenField()

    def refuse(self, error: WorkshopError) -> None:
        """Show the refusal; a start that is not free is marked where it was typed, at the time."""
        if error.field == "starts_at":
            error.field = "time"
        super().refuse(error)

    @property
    def starts_at(self) -> datetime:
        """The start as an aware UTC time."""
        return web.local_to_utc(self.day.data, self.time.data)

    def fill(
        self,
        technician: Technician,
        bay: Bay | None,
        starts_at: datetime,
        minutes: int,
        across: bool,
    ) -> None:
        """Show a place in the fields."""
        self.technician_id.data = technician.id
        self.bay_id.data = bay.id if bay else None
        self.minutes.data, self.across.data = minutes, across
        self.minutes.raw_data = None
        self.fill_start(starts_at)

    def fill_start(self, starts_at: datetime) -> None:
        """Show a start in the fields, instead of what was typed."""
        local = web.local(starts_at)
        self.day.data, self.time.data = local.date(), local.time()
        self.day.raw_data = self.time.raw_data = None

    def wish(self, job: Job, at: datetime) -> Wish:
        """What was typed, as the service wants it."""
        branch = job.order.branch
        return Wish(
            technician=shop.get_technician(self.technician_id.data, branch),
            bay=shop.get_bay(self.bay_id.data, branch) if self.bay_id.data else None,
            starts_at=self.starts_at,
            minutes=self.minutes.data,
            across=bool(self.across.data),
            reason=self.reason.data or "",
            seen_version=_id_or_none(self.version.data),
            consent=self.consent(at),
        )


class SwapForm(web.Form):
    """Another job of the day to change places with, as `job id:version`."""

    other = SelectField(N_("Change places with"))
    version = HiddenField()


class PromiseForm(web.Form):
    """A new promise, why, and how the customer was told."""

    day = DateField(N_("Day"), validators=[InputRequired(N_("Give the day."))])
    time = TimeField(N_("Time"), validators=[InputRequired(N_("Give the time."))])
    reason = StringField(N_("Reason"), validators=[Length(max=200)])
    told_how = SelectField(
        N_("The customer was told by"), choices=[SelectChoice("", "—"), *_CHANNELS]
    )

    @property
    def promised_at(self) -> datetime:
        """The promise as an aware UTC time."""
        return web.local_to_utc(self.day.data, self.time.data)


class RefuseForm(web.Form):
    """Why a proposed time is not taken."""

    answer = StringField(N_("Why not"), validators=[Length(max=200)])


class PastedDaysForm(web.PartForm):
    """Many days at once, one a line."""

    key = "paste"
    days = TextAreaField(N_("Holidays and worked days, one a line"), [Length(max=10_000)])


class DayForm(web.Form):
    """A holiday, or an extra working day."""

    day = DateField(N_("Day"), validators=[InputRequired(N_("Give the day."))])
    is_open = SelectField(N_("Kind of day"), choices=_OPEN_OR_CLOSED, default="no")
    name = StringField(N_("Name of the holiday"), validators=[Length(max=80)])


class AbsenceForm(web.Form):
    """When somebody is not there, and why."""

    user_id = SelectField(N_("Person"), coerce=web.whole)
    starts_at = DateTimeLocalField(
        N_("From"), format=_LOCAL, validators=[InputRequired(N_("Give the time."))]
    )
    ends_at = DateTimeLocalField(
        N_("Until"), format=_LOCAL, validators=[InputRequired(N_("Give the time."))]
    )
    reason = StringField(N_("Reason"), validators=[Length(max=80)])

    def span(self) -> tuple[datetime, datetime]:
        """From and until as aware UTC times."""
        typed = (self.starts_at.data, self.ends_at.data)
        begins, ends = (web.local_to_utc(each.date(), each.time()) for each in typed)
        return begins, ends


def drop_of(branch: Branch, sent: Mapping[str, str]) -> Drop:
    """Where a card was let go, as the board sends it, or an address asks for it.

    Raises NotFound for a stranger's technician or bay, Invalid for what is no time.
    """
    technician_id, bay_id = (_id_or_none(sent.get(each)) for each in ("technician_id", "bay_id"))
    return Drop(
        shop.get_technician(technician_id, branch) if technician_id else None,
        shop.get_bay(bay_id, branch) if bay_id else None,
        parse_time(sent.get("starts_at", "")),
        _id_or_none(sent.get("minutes")),
        _id_or_none(sent.get("version")),
    )


def day_drop_of(branch: Branch, sent: Mapping[str, str], today: date) -> DayDrop:
    """Where a card of the week was let go. Raises as `drop_of` does."""
    technician_id = _id_or_none(sent.get("technician_id")) or 0
    return DayDrop(
        shop.get_technician(technician_id, branch),
        web.parse_day(sent.get("day"), today),
        _id_or_none(sent.get("version")),
    )


def parse_time(text: str) -> datetime:
    """An ISO time from a button; raises Invalid for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(N_("This is no time."), field="time") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
