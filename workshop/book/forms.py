"""What customers and the manager send; a customer's form is sealed, so that no cookie is needed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_wtf.file import MultipleFileField
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from workshop import web
from workshop.customers.models import VehicleClass
from workshop.errors import N_, Invalid, RuleBroken
from workshop.steps.booking.online.holding import Details

_LASTS_SECONDS = 24 * 3600
# Nobody reads the times, chooses one and types a number in less.
LEAST_SECONDS = "BOOK_LEAST_SECONDS"
_NO_TIME = N_("Choose a time.")
_PHONE = {"inputmode": "tel", "autocomplete": "tel"}


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="book")


def _time(seconds: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


class _PublicForm(web.Form):
    """A form of the booking page; a person leaves `website` empty, for nobody sees it."""

    website = StringField()

    def __init__(self, **values: Any) -> None:
        # The seal or the secret address stands for the customer: in a frame no cookie comes.
        super().__init__(meta={"csrf": False}, **values)

    def refuse_robots(self) -> None:
        """Raise RuleBroken for what no person sends."""
        if self.website.data:
            raise RuleBroken(N_("This did not work. Please call us."), code="robot")


class HoldForm(_PublicForm):
    """A time, and the number to call back."""

    seal = HiddenField()
    service = HiddenField()
    size = HiddenField()
    slot = StringField(N_("Time"))
    phone = StringField(
        N_("Your phone number"), [Length(max=32)], filters=[web.half_width], render_kw=_PHONE
    )

    def set_seal(self) -> None:
        """Seal an empty form: its number makes it one request, however often it is sent."""
        self.seal.data = _sealer().dumps(secrets.token_urlsafe(24))

    def token(self) -> str:
        """The form's own number; raises RuleBroken for a form that we did not make, or too soon."""
        try:
            token, made = _sealer().loads(
                self.seal.data or "", max_age=_LASTS_SECONDS, return_timestamp=True
            )
        except BadSignature as error:
            words = N_("This page is too old. Choose a time again.")
            raise RuleBroken(words, code="seal") from error
        # The seal's own seconds: how fast somebody types is no time of the shop.
        age = TimestampSigner("seconds").get_timestamp() - made.timestamp()
        if age < current_app.config.get(LEAST_SECONDS, 2):
            raise RuleBroken(N_("That was very quick. Look at the time and send it again."))
        return str(token)

    @property
    def chosen_size(self) -> VehicleClass | None:
        """The class of the car, if one was chosen."""
        return web.member(VehicleClass, self.size.data)

    def chosen(self) -> datetime:
        """The time that was chosen; raises Invalid when none was."""
        at = _time(self.slot.data)
        if at is None:
            raise Invalid(_NO_TIME, field="slot")
        return at


class AskForm(_PublicForm):
    """Who comes, and what is wished for."""

    slot = HiddenField()
    name = StringField(N_("Your name"), [Length(max=80)], render_kw={"autocomplete": "name"})
    plate = StringField(
        N_("Plate (if you like)"),
        [Length(max=16)],
        filters=[web.half_width],
        render_kw={"autocapitalize": "characters", "maxlength": 16},
    )
    concern = TextAreaField(N_("What is it about?"), [Length(max=2000)])
    stays = RadioField(
        N_("While we work"),
        default="",
        choices=[
            SelectChoice("stays", N_("I wait at your place")),
            SelectChoice("leaves", N_("I leave the car")),
            SelectChoice("", N_("I do not know yet")),
        ],
    )
    wish = StringField(
        N_("Do you need a lift or a replacement car?"),
        [Length(max=200)],
        description=N_("We tell you on the phone whether it is possible."),
    )
    photos = MultipleFileField(
        N_("Pictures (up to five)"), render_kw={"accept": "image/*", "multiple": True}
    )

    def details(self) -> Details:
        """What was typed."""
        return Details(
            name=self.name.data or "",
            concern=self.concern.data or "",
            plate=self.plate.data or "",
            stays={"stays": True, "leaves": False}.get(self.stays.data or ""),
            wish=self.wish.data or "",
            photos=[each.read() for each in self.photos.data or [] if each and each.filename],
        )

    @property
    def is_gone(self) -> bool:
        """Whether the time was taken by somebody else meanwhile."""
        return self.refusal is not None and self.refusal.code == "slot_gone"

    def other_time(self) -> datetime | None:
        """A time that was chosen in place of the one that is gone."""
        return _time(self.slot.data)


class RefuseForm(web.Form):
    """Why a request is refused."""

    reason = StringField(N_("Why not?"), [Length(max=200)])


class SettingsForm(web.Form):
    """The rules of the booking page; what is offered stands beside them."""

    version = HiddenField()
    is_open = BooleanField(N_("Open for online booking"))
    cutoff_minutes = IntegerField(
        N_("Minutes before the visit until which customers book, change and cancel"),
        [InputRequired(N_("This is needed."))],
    )
    days_ahead = IntegerField(
        N_("Days ahead that are offered"), [InputRequired(N_("This is needed."))]
    )
    share_percent = IntegerField(
        N_("Share of each day's times that is offered (percent)"),
        [InputRequired(N_("This is needed."))],
    )
    origins = TextAreaField(
        N_("Sites that may show the page inside theirs"),
        [Length(max=2000)],
        description=N_("One address a line, such as https://www.example.com. Empty: none."),
    )
