"""The form that asks for another plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from workshop import web
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.shop.models import Branch, Technician
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.web import display

_LOCAL = "%Y-%m-%dT%H:%M"


def _id_or_none(value: Any) -> int | None:
    return web.whole(value) if value not in (None, "", "None") else None


class ReplanForm(web.Form):
    """What has happened; only the fields of its reason count."""

    reason = RadioField(
        N_("What has happened"), choices=web.choices(PlanReason), default=PlanReason.IMPROVE.value
    )
    technician_id = SelectField(N_("Technician"), coerce=_id_or_none, validators=[Optional()])
    job_id = SelectField(N_("Job"), coerce=_id_or_none, validators=[Optional()])
    minutes = IntegerField(N_("Minutes longer"), validators=[Optional()])
    until = DateTimeLocalField(N_("Until"), format=_LOCAL, validators=[Optional()])
    note = StringField(N_("Why"), validators=[Length(max=80)])

    def offer(self, branch: Branch, people: list[Technician]) -> None:
        """Fill the lists: who works here, and the jobs that are on the board or wait for it."""
        self.technician_id.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(each.id, each.name) for each in people),
        ]
        self.job_id.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(job.id, _job_words(job)) for job in queries.list_movable(branch)),
        ]

    def cause(self) -> Cause:
        """What was said, as the service wants it."""
        reason = PlanReason(self.reason.data)
        about_job = reason in (PlanReason.OVERRUN, PlanReason.PART_LATE)
        has_end = reason in (PlanReason.ABSENT, PlanReason.PART_LATE)
        is_absent = reason is PlanReason.ABSENT
        note = (self.note.data or str(gettext("Gone home"))) if is_absent else ""
        return Cause(
            reason,
            technician_id=self.technician_id.data if is_absent else None,
            job_id=self.job_id.data if about_job else None,
            minutes=(self.minutes.data or 0) if reason is PlanReason.OVERRUN else 0,
            until=self._until() if has_end else None,
            note=note,
        )

    def _until(self) -> datetime | None:
        typed = self.until.data
        return web.local_to_utc(typed.date(), typed.time()) if typed else None


def _job_words(job: Job) -> str:
    plate = job.order.vehicle.called
    return f"{plate} · {display.show_name(job)}"
