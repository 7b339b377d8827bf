"""The place of a job: its form, putting it there, and what can be taken back."""

from __future__ import annotations

from datetime import date, datetime

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from workshop import clock, web
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.errors import N_, Conflict, Missing
from workshop.orders import service as orders
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.staff import service as staff
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.board import undo_page, undoing
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.dispatch import gates, suggestion
from workshop.steps.scheduling.dispatch import place as placer
from workshop.steps.scheduling.dispatch import queries as dispatch_queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.replanning import history
from workshop.steps.scheduling.teamwork.forms import AssistantForm, panel


def get_job(no: str, job_id: int) -> Job:
    """A job of this branch's order; raises NotFound."""
    return queries.get_job(orders.get_order(no, me().branch_id), job_id)


def put(job: Job, wish: placer.Wish, at: datetime) -> str:
    """Put the job there, in words; this person may undo it. Raises as `place` does."""
    was = undoing.place_of(queries.find_live(job))
    outcome = placer.place(job, wish, by=me(), at=at)
    undo_page.forget()
    if outcome is not placer.Outcome.PROPOSED and wish.consent is None:
        undo_page.remember_place(job, was)
    values = {
        "plate": job.order.vehicle.called,
        "technician": wish.technician.name,
        "start": web.local(wish.starts_at).strftime("%m-%d %H:%M"),
    }
    return str(gettext(outcome.label) % values)


def put_back_in_queue(job: Job, version: int, at: datetime) -> str:
    """Take the job's place away, in words; this person may undo it."""
    was = undoing.place_of(queries.find_live(job))
    scheduling.unassign(job, seen_version=version, by=me(), at=at)
    undo_page.remember_place(job, was)
    return str(gettext("The job is back in the queue."))


def show_team(job: Job, refused: AssistantForm) -> ResponseReturnValue:
    """The place of the job, with the refused form of its second technician."""
    form = form_of(job, is_blank=True)
    form.back.data = refused.back.data
    return place_page(job, form, prefill(job, form), refused)


def prefill(job: Job, form: forms.PlaceForm) -> suggestion.Suggestion | None:
    """Fill in the job's place; a job without one, or left over, gets the suggestion."""
    live = queries.find_live(job)
    at = clock.now()
    if live is not None and live.ends_at > at and job.state is not JobState.PAUSED:
        minutes, across = live.minutes, live.rest_minutes > 0
        form.fill(live.technician, live.bay, live.starts_at, minutes, across)
        return None
    found = suggestion.suggest(job, at)
    if found is not None:
        form.fill(found.technician, found.bay, found.starts_at, found.minutes, found.across)
    return found


def place_page(
    job: Job,
    form: forms.PlaceForm,
    found: suggestion.Suggestion | None,
    refused: AssistantForm | None = None,
) -> ResponseReturnValue:
    """The form of the place with all that stands beside it."""
    live = queries.find_live(job)
    refusal = form.refusal
    if not form.is_submitted() or refused is not None or isinstance(refusal, Conflict):
        # Whoever has now seen both versions may save over the newer one.
        form.version.data = live.version if live else ""
    return web.page(
        "scheduling/place.html",
        refused.status if refused is not None else form.status,
        job=job,
        order=job.order,
        live=live,
        form=form,
        suggestion=found,
        nearest=refusal.values.get("nearest") if refusal else None,
        conflict=refusal if isinstance(refusal, Conflict) else None,
        proposes=live is not None and placer.only_proposes(job, me()),
        needs_consent=live is not None
        and form.day.data is not None
        and form.time.data is not None
        and scheduling.needs_consent(job.order.branch, live, form.starts_at),
        minutes_left=queries.minutes_left(job),
        neighbours=_neighbours(job, live)
        if scheduling.may_change_time(job.order.branch, me())
        else [],
        plan_steps=history.steps_of([job.id]),
        hold=closing.find_hold(job),
        missing_to_unassign=_missing_to_unassign(job),
        pin=pinned.find_pin(live),
        pin_parts=[part for part in PinPart if part is not PinPart.BAY or (live and live.bay)],
        team=panel(job, live, clock.now(), refused) if live is not None else None,
        why_none=_why_none(job) if found is None and live is None and not refusal else "",
    )


def _missing_to_unassign(job: Job) -> list[Missing]:
    if scheduling.may_change_time(job.order.branch, me()):
        return gates.missing_to_unassign(job)
    words = N_("You may propose another time, and somebody who may change times confirms it.")
    return [Missing(words, "advisor_only", way=staff.instead(Permission.CHANGE_TIME))]


def _why_none(job: Job) -> str:
    return web.error_words(suggestion.why_none(job, clock.now()))


def form_of(job: Job, *, is_blank: bool = False) -> forms.PlaceForm:
    """The form with its choices: who is fit comes first."""
    form = forms.PlaceForm(formdata=None) if is_blank else forms.PlaceForm()
    branch = job.order.branch
    day = calendar.local_day(branch, clock.now())
    people = shop.list_technicians(branch)
    people.sort(key=lambda each: not dispatch_queries.is_fit(job, each, day))
    form.technician_id.choices = [SelectChoice(each.id, _name(job, each, day)) for each in people]
    kinds = [kind.value for kind in dispatch_queries.bay_kinds_of(job)]
    bays = [
        SelectChoice(bay.id, f"{bay.code} · {gettext(bay.kind.label)}")
        for bay in shop.list_bays(branch, kinds)
    ]
    form.bay_id.choices = bays if kinds else [SelectChoice("", gettext("No bay")), *bays]
    return form


def _name(job: Job, technician: Technician, day: date) -> str:
    if dispatch_queries.is_fit(job, technician, day):
        return technician.name
    return str(gettext("%(name)s (not qualified)", name=technician.name))


def _neighbours(job: Job, live: Allocation | None) -> list[tuple[str, str]]:
    """Other planned jobs of the day, to change places with."""
    if live is None:
        return []
    branch = job.order.branch
    day = allocations.list_for_day(branch, calendar.local_day(branch, live.starts_at))
    jobs = queries.jobs_of(day)
    return [
        (
            f"{each.job_id}:{each.version}",
            f"{web.local(each.starts_at):%H:%M} {each.technician.name} · "
            f"{jobs[each.job_id].order.vehicle.called}",
        )
        for each in day
        if each.id != live.id and jobs[each.job_id].state is JobState.WAITING
    ]


def board_url(live: Allocation | None) -> str:
    """The board of the day on which the job stands, at its card."""
    if live is None:
        return url_for("scheduling.index")
    day = calendar.local_day(g.branch, live.starts_at)
    return url_for("scheduling.index", day=day.isoformat(), _anchor=f"card-{live.id}")
