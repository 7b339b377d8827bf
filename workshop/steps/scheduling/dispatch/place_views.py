"""The form that puts a job somewhere."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import dropping
from workshop.steps.scheduling.dispatch import place as placer
from workshop.steps.scheduling.dispatch import place_page, suggestion
from workshop.steps.scheduling.dispatch import queries as dispatch_queries
from workshop.steps.scheduling.dispatch import service as scheduling


@bp.get("/orders/<no>/scheduling/jobs/<int:job_id>/place")
@requires(Permission.SCHEDULE)
def place(no: str, job_id: int) -> ResponseReturnValue:
    """Where the job stands, or the best place for it, or the one that the address asks for."""
    job = place_page.get_job(no, job_id)
    form = place_page.form_of(job)
    form.back.data = request.args.get("back", "board")
    if "starts_at" not in request.args:
        return place_page.place_page(job, form, place_page.prefill(job, form))
    wish = dropping.wish_of(job, forms.drop_of(job.order.branch, request.args))
    form.fill(wish.technician, wish.bay, wish.starts_at, wish.minutes, wish.across)
    return place_page.place_page(job, form, None)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/place")
@requires(Permission.SCHEDULE)
def save_place(no: str, job_id: int) -> ResponseReturnValue:
    """Put the job there; with a `use` button only fill in the earliest fit or a nearest slot."""
    job, at = place_page.get_job(no, job_id), clock.now()
    form, use = place_page.form_of(job), request.form.get("use")
    said: list[str] = []

    def act() -> None:
        if use:
            _fill(job, form, use)
        else:
            said.append(place_page.put(job, form.wish(job, at), at))

    if not form.carry_out(act):
        return place_page.place_page(place_page.get_job(no, job_id), form, None)
    if use:
        return place_page.place_page(job, form, None)
    flash(said[0], "good")
    if form.back.data == "order":
        return redirect(url_for("scheduling.show", no=no))
    return redirect(place_page.board_url(queries.find_live(job)))


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/swap")
@requires(Permission.SCHEDULE)
def swap(no: str, job_id: int) -> ResponseReturnValue:
    """Let two jobs change places."""
    job = place_page.get_job(no, job_id)
    other_id, _, other_version = request.form.get("other", "").partition(":")
    other = queries.get_job_of_branch(g.branch, web.whole(other_id))
    versions = (web.whole(request.form.get("version")), web.whole(other_version))
    scheduling.swap(job, other, seen_versions=versions, by=me(), at=clock.now())
    db.commit()
    flash(gettext("The two jobs have changed places."), "good")
    return redirect(place_page.board_url(queries.find_live(place_page.get_job(no, job_id))))


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/unassign")
@requires(Permission.SCHEDULE)
def unassign(no: str, job_id: int) -> ResponseReturnValue:
    """Put the job back into the queue."""
    job = place_page.get_job(no, job_id)
    live = queries.find_live(job)
    said = place_page.put_back_in_queue(job, web.whole(request.form.get("version")), clock.now())
    db.commit()
    flash(said, "good")
    return redirect(place_page.board_url(live))


def _fill(job: Job, form: forms.PlaceForm, use: str) -> None:
    wish = form.wish(job, clock.now())
    if use == "fit":
        _fill_earliest(job, form, wish)
    else:
        form.fill_start(forms.parse_time(use))


def _fill_earliest(job: Job, form: forms.PlaceForm, wish: placer.Wish) -> None:
    kinds = [kind.value for kind in dispatch_queries.bay_kinds_of(job)]
    bays = shop.list_bays(job.order.branch, kinds) if kinds else [None]
    not_before = suggestion.ready_at(job, clock.now())
    slot = suggestion.earliest_of(job, wish.technician, bays, wish.minutes, not_before)
    form.fill(slot.technician, slot.bay, slot.starts_at, wish.minutes, slot.across)
