"""The form that puts a job somewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from workshop import clock, db, web
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.errors import Conflict, WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import dropping, undo_views
from workshop.steps.scheduling.closing import holds
from workshop.steps.scheduling.dispatch import fitness, suggestion
from workshop.steps.scheduling.dispatch import place as placer
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.replanning import history
from workshop.steps.scheduling.teamwork.forms import AssistantForm, panel


@bp.get("/orders/<no>/scheduling/jobs/<int:job_id>/place")
@requires(Permission.SCHEDULE)
def place(no: str, job_id: int) -> ResponseReturnValue:
    """Where the job stands, or the best place for it, or the one that the address asks for."""
    job = get_job(no, job_id)
    form = _form(job)
    form.back.data = request.args.get("back", "board")
    if "starts_at" not in request.args:
        return _place_page(job, form, _prefill(job, form))
    wish = dropping.wish_of(job, forms.drop_of(job.order.branch, request.args))
    form.fill(wish.technician, wish.bay, wish.starts_at, wish.minutes, wish.across)
    return _place_page(job, form, None)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/place")
@requires(Permission.SCHEDULE)
def save_place(no: str, job_id: int) -> ResponseReturnValue:
    """Put the job there; with a `use` button only fill in the earliest fit or a nearest slot."""
    job = get_job(no, job_id)
    form = _form(job)
    if form.validate_on_submit():
        try:
            if request.form.get("use"):
                return _fill(job, form, request.form["use"])
            return _save(job, form)
        except WorkshopError as error:
            db.rollback()
            job = get_job(no, job_id)
            form.refuse(error)
    return _place_page(job, form, None)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/swap")
@requires(Permission.SCHEDULE)
def swap(no: str, job_id: int) -> ResponseReturnValue:
    """Let two jobs change places."""
    job = get_job(no, job_id)
    other_id, _, other_version = request.form.get("other", "").partition(":")
    other = _any_job(other_id)
    versions = (_number(request.form.get("version")), _number(other_version))
    scheduling.swap(job, other, seen_versions=versions, by=me(), at=clock.now())
    db.commit()
    flash(gettext("The two jobs have changed places."), "good")
    return redirect(board_url(queries.find_live(get_job(no, job_id))))


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/unassign")
@requires(Permission.SCHEDULE)
def unassign(no: str, job_id: int) -> ResponseReturnValue:
    """Put the job back into the queue."""
    job = get_job(no, job_id)
    live = queries.find_live(job)
    flash(back_to_queue(job, _number(request.form.get("version")), clock.now()), "good")
    return redirect(board_url(live))


def show(job: Job, refused: AssistantForm) -> ResponseReturnValue:
    """The place of the job, with the refused form of its second technician."""
    form = _form(job, is_blank=True)
    form.back.data = refused.back.data
    return _place_page(job, form, _prefill(job, form), refused)


def carry_out(job: Job, wish: placer.Wish, at: datetime) -> str:
    """Put the job there and commit, in words; this person may undo it. Raises as `place` does."""
    was = undo_views.place_of(queries.find_live(job))
    outcome = placer.place(job, wish, by=me(), at=at)
    values = {
        "plate": job.order.vehicle.plate or job.order.no,
        "technician": wish.technician.name,
        "start": web.local(wish.starts_at).strftime("%m-%d %H:%M"),
    }
    db.commit()
    undo_views.forget()
    if outcome is not placer.Outcome.PROPOSED and wish.consent is None:
        undo_views.remember_place(job, was)
    return str(gettext(outcome.label) % values)


def back_to_queue(job: Job, version: int, at: datetime) -> str:
    """Take the job's place away and commit, in words; this person may undo it."""
    was = undo_views.place_of(queries.find_live(job))
    scheduling.unassign(job, seen_version=version, by=me(), at=at)
    db.commit()
    undo_views.remember_place(job, was)
    return str(gettext("The job is back in the queue."))


def _save(job: Job, form: forms.PlaceForm) -> ResponseReturnValue:
    at = clock.now()
    flash(carry_out(job, form.wish(job, at), at), "good")
    if form.back.data == "order":
        return redirect(url_for("scheduling.show", no=job.order.no))
    return redirect(board_url(queries.find_live(job)))


def _fill(job: Job, form: forms.PlaceForm, use: str) -> ResponseReturnValue:
    wish = form.wish(job, clock.now())
    if use == "fit":
        _fill_earliest(job, form, wish)
    else:
        form.fill_start(forms.parse_time(use))
    return _place_page(job, form, None)


def _fill_earliest(job: Job, form: forms.PlaceForm, wish: placer.Wish) -> None:
    kinds = [kind.value for kind in fitness.bay_kinds_of(job)]
    bays = shop.list_bays(job.order.branch, kinds) if kinds else [None]
    not_before = suggestion.ready_at(job, clock.now())
    slot = suggestion.earliest_of(job, wish.technician, bays, wish.minutes, not_before)
    form.fill(slot.technician, slot.bay, slot.starts_at, wish.minutes, slot.across)


def _prefill(job: Job, form: forms.PlaceForm) -> suggestion.Suggestion | None:
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


def _place_page(
    job: Job,
    form: forms.PlaceForm,
    found: suggestion.Suggestion | None,
    refused: AssistantForm | None = None,
) -> ResponseReturnValue:
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
        neighbours=_neighbours(job, live),
        plan_steps=history.steps_of([job.id]),
        hold=holds.find(job),
        pin=pinned.find_pin(live),
        pin_parts=list(PinPart),
        team=panel(job, live, clock.now(), refused) if live is not None else None,
        lack=_lack_words(job) if found is None and live is None and not refusal else "",
    )


def _lack_words(job: Job) -> str:
    return web.error_words(suggestion.why_none(job, clock.now()))


def _form(job: Job, *, is_blank: bool = False) -> forms.PlaceForm:
    form = forms.PlaceForm(formdata=None) if is_blank else forms.PlaceForm()
    branch = job.order.branch
    day = calendar.local_day(branch, clock.now())
    people = shop.list_technicians(branch)
    people.sort(key=lambda each: not fitness.is_fit(job, each, day))
    form.technician_id.choices = [SelectChoice(each.id, _name(job, each, day)) for each in people]
    kinds = [kind.value for kind in fitness.bay_kinds_of(job)]
    bays = [
        SelectChoice(bay.id, f"{bay.code} · {gettext(bay.kind.label)}")
        for bay in shop.list_bays(branch, kinds)
    ]
    form.bay_id.choices = bays if kinds else [SelectChoice("", gettext("No bay")), *bays]
    return form


def _name(job: Job, technician: Technician, day: date) -> str:
    if fitness.is_fit(job, technician, day):
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
            f"{jobs[each.job_id].order.vehicle.plate or jobs[each.job_id].order.no}",
        )
        for each in day
        if each.id != live.id and jobs[each.job_id].state is JobState.WAITING
    ]


def get_job(no: str, job_id: int) -> Job:
    """A job of this branch's order; raises NotFound."""
    return queries.get_job(orders.get_order(no, me().branch_id), job_id)


def _any_job(job_id: Any) -> Job:
    return queries.get_job_of_branch(g.branch, _number(job_id))


def _number(text: Any) -> int:
    return web.whole(text)


def board_url(live: Allocation | None) -> str:
    """The board of the day on which the job stands, at its card."""
    if live is None:
        return url_for("scheduling.index")
    day = calendar.local_day(g.branch, live.starts_at)
    return url_for("scheduling.index", day=day.isoformat(), _anchor=f"card-{live.id}")
