"""When a forgotten clock really ended, as it is typed."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from wtforms import DateTimeLocalField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.steps.repair.models import WorkSession


class ConfirmForm(web.Form):
    """The end, and why nobody stopped the clock."""

    ended = DateTimeLocalField(
        N_("Ended at"), validators=[InputRequired(N_("Give the time."))], format="%Y-%m-%dT%H:%M"
    )
    reason = StringField(N_("Reason"), validators=[DataRequired(N_("Say why.")), Length(max=200)])

    @classmethod
    def of(cls, clock: WorkSession) -> Self:
        """The guess, to be confirmed or changed."""
        ended = web.local(clock.ended_at).replace(tzinfo=None) if clock.ended_at else None
        return cls(formdata=None, ended=ended)

    @property
    def ended_at(self) -> datetime:
        """The end as a moment."""
        typed = self.ended.data
        moment: datetime = web.local_to_utc(typed.date(), typed.time())
        return moment
