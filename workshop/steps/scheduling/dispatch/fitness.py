"""Whether a technician and a bay are fit for a job: skill, level, certificate, kind of bay."""

from __future__ import annotations

from datetime import date

from workshop.allocation import service as allocations
from workshop.allocation import team
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders.models import Job
from workshop.shop.models import Bay, Technician
from workshop.steps.scheduling.dispatch import gates


def check_fit(job: Job, technician: Technician, bay: Bay | None, day: date) -> None:
    """Raise RuleBroken, with the fact in words, unless both are fit for the job on that day.

    Whoever helps with it comes along, and must be fit for it then as well.
    """
    _check_skill(job, technician, day)
    _check_bay(job, bay)
    helper = team.helper_of(allocations.find_live(job.id))
    if helper is not None:
        require(gates.missing_to_help(job, helper.technician, day))


def _check_skill(job: Job, technician: Technician, day: date) -> None:
    for fact in gates.missing_skill(job, technician, day):
        raise RuleBroken(fact.message, field="technician_id", code=fact.code, **fact.values)


def _check_bay(job: Job, bay: Bay | None) -> None:
    if not job.bay_kinds:
        return
    if bay is None:
        raise Invalid(N_("Choose a bay."), field="bay_id")
    if bay.kind.value not in job.bay_kinds:
        raise RuleBroken(
            N_("Bay %(bay)s (%(kind)s) is not fit for this work."),
            field="bay_id",
            code="bay",
            bay=bay.code,
            kind=bay.kind,
        )
