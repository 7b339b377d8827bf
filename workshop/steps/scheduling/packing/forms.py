"""What is typed when a job is split or two are joined: which lines, which job, and why."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.orders.models import Job

_WHY = [DataRequired(N_("Say why.")), Length(max=200)]


class SplitForm(web.Form):
    """Which lines become a job of their own."""

    lines = SelectMultipleField(N_("Becomes a job of its own"), coerce=web.whole)
    reason = StringField(N_("Why"), _WHY)

    def offer(self, job: Job, locale: str) -> None:
        """The lines of the job."""
        self.lines.choices = [
            SelectChoice(
                line.id, f"{line.title_in(locale)} · {web.display.show_minutes(line.minutes)}"
            )
            for line in job.lines
            if line.id
        ]


class JoinForm(web.Form):
    """Which job of the order comes into this one."""

    other = RadioField(N_("Done in one go with"), coerce=web.whole, validate_choice=False)
    why = StringField(N_("Why"), _WHY)

    def offer(self, jobs: Sequence[Job], locale: str) -> None:
        """The other jobs of the order."""
        self.other.choices = [SelectChoice(job.id, job.title_in(locale)) for job in jobs]
