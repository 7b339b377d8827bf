"""Taking back one's own last change on the board, as long as nobody has changed it since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.errors import N_, RuleBroken
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.pinning import service as pinning

_UNDO = "scheduling_undo"
_PLACE, _PIN = "place", "pin"


@bp.post("/scheduling/undo")
@requires(Permission.SCHEDULE)
def undo() -> ResponseReturnValue:
    """Take back this person's last assignment, move, return to the queue, or pin."""
    kept = find_undo()
    forget()
    if kept is None:
        raise RuleBroken(N_("There is nothing to undo any more."), code="undo")
    job = queries.get_job_of_branch(g.branch, kept["job_id"])
    _TAKE_BACK[kept["kind"]](job, kept["was"], kept["version"])
    db.commit()
    flash(gettext("Undone."), "good")
    return redirect(web.own_path(request.form.get("back") or url_for("scheduling.index")))


def find_undo() -> dict[str, Any] | None:
    """What this person could take back now."""
    kept = session.get(_UNDO)
    if kept is None or "kind" not in kept:
        return None
    live = allocations.find_live(kept["job_id"])
    is_as_left = kept["version"] == (live.version if live else None)
    is_as_left = is_as_left and kept.get("pinned") == _parts(live, kept["kind"])
    return kept if is_as_left else None


def remember_place(job: Job, was: dict[str, Any] | None) -> None:
    """The job has just got another place, or went back to the queue; `was` is its place before."""
    live = queries.find_live(job)
    version = live.version if live else None
    session[_UNDO] = {"kind": _PLACE, "job_id": job.id, "version": version, "was": was}


def remember_pin(job: Job, was: list[str]) -> None:
    """What is fixed of the job's place has just changed; `was` are the parts before."""
    live = queries.find_live(job)
    session[_UNDO] = {
        "kind": _PIN,
        "job_id": job.id,
        "version": live.version if live else None,
        "pinned": parts_of(live),
        "was": was,
    }


def forget() -> None:
    """There is nothing to take back."""
    session.pop(_UNDO, None)


def place_of(live: Allocation | None) -> dict[str, Any] | None:
    """A place as the session keeps it."""
    if live is None:
        return None
    return {
        "technician_id": live.technician_id,
        "bay_id": live.bay_id,
        "starts_at": live.starts_at.isoformat(),
        "minutes": live.minutes,
        "across": live.rest_minutes > 0,
    }


def parts_of(live: Allocation | None) -> list[str]:
    """What is fixed of a place, as the session keeps it."""
    pin = pinned.find_pin(live)
    return [part.value for part in pin.parts] if pin else []


def _parts(live: Allocation | None, kind: str) -> list[str] | None:
    return parts_of(live) if kind == _PIN else None


def _take_back_place(job: Job, was: dict[str, Any] | None, version: int | None) -> None:
    now = clock.now()
    if was is None:
        scheduling.unassign(job, seen_version=version or 0, by=me(), at=now)
        return
    branch = job.order.branch
    technician = shop.get_technician(was["technician_id"], branch)
    bay = shop.get_bay(was["bay_id"], branch) if was["bay_id"] else None
    length = {"minutes": was["minutes"], "across": was["across"]}
    starts_at = forms.parse_time(was["starts_at"])
    if version is None:
        scheduling.assign(job, technician, bay, starts_at, **length, by=me(), at=now)
        return
    scheduling.move(
        job, technician, bay, starts_at, **length, seen_version=version, by=me(), at=now
    )


def _take_back_pin(job: Job, was: list[str], version: int | None) -> None:
    seen, now = version or 0, clock.now()
    if was:
        parts = [PinPart(each) for each in was]
        pinning.fix(job, parts, seen_version=seen, by=me(), at=now)
    else:
        pinning.release(job, seen_version=seen, by=me(), at=now)


_TAKE_BACK: dict[str, Callable[[Job, Any, int | None], None]] = {
    _PLACE: _take_back_place,
    _PIN: _take_back_pin,
}
