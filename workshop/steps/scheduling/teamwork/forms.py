"""The form of the second technician; the service decides, the form keeps what was chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from workshop import web
from workshop.allocation import queries as allocation_queries
from workshop.allocation import shares
from workshop.allocation.models import Allocation
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.steps.scheduling.teamwork import service as teamwork
from workshop.steps.scheduling.teamwork.service import Choice


class AssistantForm(web.Form):
    """Who helps, and the part of the book time that is credited to the helper, in percent."""

    assistant_id = SelectField(
        N_("Second technician"), coerce=web.whole, validators=[Optional()], validate_choice=False
    )
    share_percent = IntegerField(
        N_("Share of the book time (percent)"),
        validators=[InputRequired(N_("Give the share."))],
        default=shares.USUAL_PERCENT,
    )
    version = HiddenField()
    back = HiddenField()


def panel(
    job: Job, live: Allocation, at: datetime, refused: AssistantForm | None = None
) -> dict[str, Any]:
    """What the box of the second technician shows; a refused form comes back as it was sent."""
    helping = allocation_queries.find_assistance(live)
    form = refused or AssistantForm(formdata=None)
    if refused is None and helping is not None:
        form.share_percent.data = helping.share_percent
    form.assistant_id.choices = _choices(job, live, at) if helping is None else []
    return {
        "form": form,
        "refused": refused is not None,
        "helping": helping,
        "version": helping.version if helping else live.version,
        "lead_percent": 100 - (helping.share_percent or 0) if helping else None,
        "least": shares.LEAST_PERCENT,
        "most": shares.MOST_PERCENT,
        "step": shares.STEP_PERCENT,
        "has_begun": helping is not None and helping.starts_at < at,
    }


def _choices(job: Job, live: Allocation, at: datetime) -> list[SelectChoice]:
    """Who is free first; if nobody is, nobody is chosen beforehand."""
    found = teamwork.list_choices(job, live, at)
    people = [SelectChoice(each.technician.id, _label(each)) for each in found]
    if found and not found[0].missing:
        return people
    return [SelectChoice("", gettext("Nobody is free at that time")), *people]


def _label(choice: Choice) -> str:
    if not choice.missing:
        return choice.technician.name
    first = choice.missing[0]
    # It is about the day of the job.
    values = {
        name: f"{web.local(value):%H:%M}" if isinstance(value, datetime) else value
        for name, value in first.values.items()
    }
    why = web.words(first.message, values)
    return str(gettext("%(name)s (%(why)s)", name=choice.technician.name, why=why))
