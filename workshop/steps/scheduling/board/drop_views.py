"""Where a card of the board was let go: the same rules as the form, answered for a script."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.errors import Conflict, WorkshopError
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.staff.access import requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import dropping
from workshop.steps.scheduling.dispatch import place_page

# What is missing in these fields is typed in the form of the place, not on the board.
_TYPED = ("consent_by", "reason")


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/drop")
@requires(Permission.SCHEDULE)
def drop(no: str, job_id: int) -> ResponseReturnValue:
    """Put a dropped card there. JSON says what was done, or why not and what would do."""
    job = place_page.get_job(no, job_id)
    return _put(job, forms.drop_of(job.order.branch, request.form), clock.now())


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/drop-on-day")
@requires(Permission.SCHEDULE)
def drop_on_day(no: str, job_id: int) -> ResponseReturnValue:
    """Put a card of the week on a person's day, at the first time that is free; JSON as above."""
    job, at = place_page.get_job(no, job_id), clock.now()
    branch = job.order.branch
    wanted = forms.day_drop_of(branch, request.form, calendar.local_day(branch, at))
    asked: list[dropping.Drop] = []
    refusal = web.carry_out(lambda: asked.append(dropping.on_day(job, wanted, at)))
    return _put(job, asked[0], at) if refusal is None else _say(refusal)


def _put(job: Job, asked: dropping.Drop, at: datetime) -> ResponseReturnValue:
    no, job_id = job.order.no, job.id
    said: list[str] = []

    def act() -> None:
        wish = dropping.wish_of(job, asked)
        dropping.check_seen(job, wish)
        said.append(place_page.put(job, wish, at))

    refusal = web.carry_out(act)
    if refusal is not None:
        return _refused(place_page.get_job(no, job_id), asked, refusal, at)
    live = queries.find_live(job)
    return jsonify(done=True, said=said[0], card=f"card-{live.id}" if live else "")


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/drop-in-queue")
@requires(Permission.SCHEDULE)
def drop_in_queue(no: str, job_id: int) -> ResponseReturnValue:
    """Take the card's place away. JSON says what was done, or why not."""
    job = place_page.get_job(no, job_id)
    version, said = web.whole(request.form.get("version")), []
    refusal = web.carry_out(
        lambda: said.append(place_page.put_back_in_queue(job, version, clock.now()))
    )
    return jsonify(done=True, said=said[0], card="") if refusal is None else _say(refusal)


def _say(refusal: WorkshopError) -> ResponseReturnValue:
    return jsonify(done=False, said=web.error_words(refusal)), web.status_of(refusal)


def _refused(
    job: Job, asked: dropping.Drop, error: WorkshopError, at: datetime
) -> ResponseReturnValue:
    nearest = dropping.find_nearest(job, asked, error, at)
    if nearest is not None and "nearest" in error.values:
        error.values["nearest"] = nearest.starts_at
    live = queries.find_live(job)
    page = render_template(
        "scheduling/_refused.html",
        job=job,
        message=web.error_words(error),
        rows=web.both_versions(error),
        is_conflict=isinstance(error, Conflict),
        asked=asked,
        nearest=nearest,
        version=live.version if live else "",
        form_url=_form_url(job, asked),
    )
    answer: dict[str, Any] = {"done": False, "said": web.error_words(error), "html": page}
    if error.field in _TYPED:
        answer |= {"dialog": _form_url(job, asked), "field": error.field}
    return jsonify(answer), web.status_of(error)


def _form_url(job: Job, asked: dropping.Drop) -> str:
    """The form of the place, filled in as the card was dropped."""
    return url_for(
        "scheduling.place",
        no=job.order.no,
        job_id=job.id,
        back="board",
        technician_id=asked.technician.id if asked.technician else None,
        bay_id=asked.bay.id if asked.bay else None,
        starts_at=asked.starts_at.isoformat(),
        minutes=asked.minutes,
    )
