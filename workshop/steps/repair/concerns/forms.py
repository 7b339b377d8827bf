"""How a concern ended, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import get_locale
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.steps.repair.concerns.rules import Outcome


class ConcernForm(web.Form):
    """The answer to one concern; nothing is chosen before somebody chooses."""

    words = HiddenField()
    outcome = RadioField(
        N_("How it ended"),
        choices=web.choices(Outcome),
        validators=[InputRequired(N_("Say how it ended."))],
    )
    job = SelectField(N_("Which job"), coerce=web.whole, default=0)
    note = StringField(N_("What was found, or why not"), validators=[Length(max=300)])

    def offer(self, jobs: Sequence[Job]) -> None:
        """The jobs that may have answered it."""
        locale = str(get_locale() or "zh_CN")
        known = [SelectChoice(job.id, job.title_in(locale)) for job in jobs]
        self.job.choices = [SelectChoice(0, "—"), *known]
