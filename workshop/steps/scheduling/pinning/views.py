"""Fixing a card where it stands, and releasing it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import undo_page, undoing
from workshop.steps.scheduling.dispatch import place_page
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import service as pinning


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/fix")
@requires(Permission.SCHEDULE)
def fix(no: str, job_id: int) -> ResponseReturnValue:
    """Fix what is ticked (`keep`) of the card's place against re-planning."""
    job = place_page.get_job(no, job_id)
    live = queries.find_live(job)
    was = undoing.parts_of(live)
    wanted = set(request.form.getlist("keep"))
    parts = [part for part in PinPart if part.value in wanted]
    version = web.whole(request.form.get("version"))
    pinning.fix(job, parts, seen_version=version, by=me(), at=clock.now())
    db.commit()
    undo_page.remember_pin(job, was)
    flash(gettext("Fixed in place: no plan moves the card."), "good")
    return redirect(_back(no, job_id))


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/release-pin")
@requires(Permission.SCHEDULE)
def release_pin(no: str, job_id: int) -> ResponseReturnValue:
    """Let plans move the card again."""
    job = place_page.get_job(no, job_id)
    was = undoing.parts_of(queries.find_live(job))
    version = web.whole(request.form.get("version"))
    pinning.release(job, seen_version=version, by=me(), at=clock.now())
    db.commit()
    undo_page.remember_pin(job, was)
    flash(gettext("Released: plans may move the card again."), "good")
    return redirect(_back(no, job_id))


def _back(no: str, job_id: int) -> str:
    asked = request.form.get("back")
    if asked:
        return web.own_path(asked)
    live = queries.find_live(place_page.get_job(no, job_id))
    return place_page.board_url(live) if live else url_for("scheduling.index")
