"""Forms of the step: checklists made from the rules, findings, pauses, rework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from workshop import web
from workshop.catalogue import queries as catalogue
from workshop.errors import N_, Invalid
from workshop.orders.models import Job, Urgency
from workshop.steps.parts.rules import ReturnReason
from workshop.steps.repair.rules import (
    Cause,
    Fault,
    PauseReason,
)
from workshop.steps.scheduling.rules import MoreTimeReason


class FaultMixin:
    """What a failed check has to say; asked for only when something is not in order."""

    cause = SelectField(N_("Cause"), validators=[Optional()])
    # A job, or one line of several: "12", or "12-34".
    job = SelectField(N_("Job to be done again"), validators=[Optional()])
    complaint = TextAreaField(N_("What must be mended"), validators=[Length(max=500)])
    minutes = IntegerField(
        N_("Estimated minutes"), default=30, validators=[Optional(), NumberRange(1, 1440)]
    )

    def offer(self, jobs: Sequence[Job], locale: str) -> None:
        """Fill the choices: the causes, and the jobs of the order."""
        form: Any = self
        form.cause.choices = [SelectChoice("", gettext("Choose the cause"))]
        form.cause.choices += web.choices(Cause)
        form.job.choices = [
            SelectChoice(f"{job.id}-{line.id}" if len(job.lines) > 1 else str(job.id), title)
            for job in jobs
            for line in job.lines
            for title in (line.title_in(locale),)
        ]

    def fault(self) -> Fault | None:
        """The fault, once a cause is chosen."""
        form: Any = self
        if not form.cause.data:
            return None
        job_id, _, line_id = (form.job.data or "").partition("-")
        return Fault(
            responsible_job_id=web.whole(job_id),
            line_id=web.whole(line_id) or None,
            cause=Cause(form.cause.data),
            complaint=form.complaint.data or "",
            minutes=form.minutes.data or 0,
        )


class SendBackForm(FaultMixin, web.Form):
    """A fault seen on a car that was ready."""

    def described(self) -> Fault:
        """The fault; raises Invalid while no cause is chosen."""
        fault = self.fault()
        if fault is None:
            raise Invalid(N_("Choose the cause."), field="cause")
        return fault


class UnusedForm(web.QuantityForm):
    """How many pieces were not used, and why."""

    reason = RadioField(
        N_("Reason"),
        choices=web.choices(ReturnReason),
        default=ReturnReason.NOT_NEEDED.value,
    )

    @property
    def why(self) -> ReturnReason:
        """What was chosen."""
        return ReturnReason(self.reason.data)


class PauseForm(web.Form):
    """Why the clock stops."""

    reason = RadioField(
        N_("Why do you pause?"),
        choices=web.choices(PauseReason),
        validators=[InputRequired(N_("Choose a reason."))],
    )

    def chosen(self) -> PauseReason:
        """The chosen reason."""
        return PauseReason(self.reason.data)


class MoreTimeForm(web.Form):
    """How much longer the job takes, and why."""

    minutes = IntegerField(
        N_("More minutes"), default=20, filters=[web.half_width], validators=[InputRequired()]
    )
    reason = RadioField(
        N_("Why?"),
        choices=web.choices(MoreTimeReason),
        validators=[InputRequired(N_("Choose a reason."))],
    )


class FoundForm(web.Form):
    """Something found while working, which the customer has to hear of."""

    urgency = RadioField(
        N_("How urgent is it?"),
        choices=web.choices(Urgency),
        validators=[InputRequired(N_("Say how urgent it is."))],
    )
    operation = SelectField(
        N_("Proposed work"),
        coerce=lambda value: int(value) if value else None,
        validators=[Optional()],
    )
    finding = TextAreaField(N_("What did you find?"), validators=[Length(max=500)])
    photo = FileField(N_("Photo"))

    def offer(self, _jobs: Sequence[Job], locale: str) -> None:
        """Fill in the catalogue; the advisor may choose as well."""
        first = SelectChoice("", gettext("Let the advisor choose"))
        self.operation.choices = [first, *_operations(locale)]


class FindingForm(FoundForm):
    """Something found by somebody who looks at the whole car: which job it came up on, too."""

    job = SelectField(N_("Found while doing"), coerce=int)

    def offer(self, jobs: Sequence[Job], locale: str) -> None:
        """Fill in the catalogue and the jobs of the order."""
        super().offer(jobs, locale)
        self.job.choices = [SelectChoice(job.id, job.title_in(locale)) for job in jobs]


class PriceForm(web.Form):
    """What is offered to the customer for a finding."""

    operations = SelectField(
        N_("Operation to offer"),
        coerce=lambda value: int(value) if value else None,
        validators=[InputRequired(N_("Choose at least one operation."))],
    )
    despite = StringField(N_("Why it is offered all the same"), [Length(max=200)])

    def offer(self, _jobs: Sequence[Job], locale: str) -> None:
        """Fill in the catalogue."""
        first = SelectChoice("", gettext("Choose an operation"))
        self.operations.choices = [first, *_operations(locale)]


def _operations(locale: str) -> list[SelectChoice]:
    known = sorted(catalogue.search_operations("", limit=300), key=lambda each: each.code)
    return [SelectChoice(each.id, f"{each.code} {each.name_in(locale)}") for each in known]


class NoteForm(web.Form):
    """A line of the work record."""

    text = TextAreaField(N_("What was done or measured"), validators=[Length(max=500)])
    photo = FileField(N_("Photo"))


class DismissForm(web.Form):
    """Why a finding is not offered to the customer."""

    reason = StringField(
        N_("Reason"),
        validators=[DataRequired(N_("Say why it is not offered.")), Length(max=200)],
    )


def picture(field: Any) -> bytes | None:
    """The bytes of an uploaded picture, if one was chosen."""
    upload = field.data
    if not upload or not getattr(upload, "filename", ""):
        return None
    data: bytes = upload.read()
    return data or None
