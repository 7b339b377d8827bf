"""Taking back one's own last change on the board, as long as nobody has changed it since.

What was there before is kept as plain values, which a session can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.orders.models import Job, RepairOrder
from workshop.shop import queries as shop
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.whole_order import Placing
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.pinning import service as pinning

_PLACE, _PIN, ORDER = "place", "pin", "order"


def take_back(branch: Branch, kept: dict[str, Any], *, by: User, at: datetime) -> None:
    """Put the job back to where it was, or its pin to what it was; raises as these acts do.

    Of an order that was placed as a whole every job goes back into the queue.
    """
    if kept["kind"] == ORDER:
        for job_id, version, _ in kept["jobs"]:
            job = queries.get_job_of_branch(branch, job_id)
            scheduling.unassign(job, seen_version=version, is_own=True, by=by, at=at)
        return
    job = queries.get_job_of_branch(branch, kept["job_id"])
    _TAKE_BACK[kept["kind"]](job, kept["was"], kept["version"], by, at)


def is_as_left(kept: dict[str, Any]) -> bool:
    """Whether nobody has changed the job's place or pin since."""
    if kept["kind"] == ORDER:
        return all(_version_of(job_id) == version for job_id, version, _ in kept["jobs"])
    live = allocations.find_live(kept["job_id"])
    is_same = kept["version"] == (live.version if live else None)
    return bool(is_same and kept.get("pinned") == _parts(live, kept["kind"]))


def of_place(job: Job, was: dict[str, Any] | None) -> dict[str, Any]:
    """What undoes the change of place that was just made; `was` is the place before."""
    live = queries.find_live(job)
    version = live.version if live else None
    return {"kind": _PLACE, "job_id": job.id, "version": version, "was": was}


def of_pin(job: Job, was: list[str]) -> dict[str, Any]:
    """What undoes the change of the pin that was just made; `was` are the parts before."""
    live = queries.find_live(job)
    return {
        "kind": _PIN,
        "job_id": job.id,
        "version": live.version if live else None,
        "pinned": parts_of(live),
        "was": was,
    }


def of_order(order: RepairOrder, placings: Sequence[Placing]) -> dict[str, Any]:
    """What undoes that the whole order was placed just now, and why each stands where it does."""
    jobs = [[each.job.id, _version_of(each.job.id), each.who.value] for each in placings]
    return {"kind": ORDER, "order_id": order.id, "jobs": jobs}


def place_of(live: Allocation | None) -> dict[str, Any] | None:
    """A place in plain values."""
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
    """What is fixed of a place."""
    pin = pinned.find_pin(live)
    return [part.value for part in pin.parts] if pin else []


def _version_of(job_id: int) -> int | None:
    live = allocations.find_live(job_id)
    return live.version if live else None


def _parts(live: Allocation | None, kind: str) -> list[str] | None:
    return parts_of(live) if kind == _PIN else None


def _take_back_place(
    job: Job, was: dict[str, Any] | None, version: int | None, by: User, at: datetime
) -> None:
    if was is None:
        scheduling.unassign(job, seen_version=version or 0, is_own=True, by=by, at=at)
        return
    branch = job.order.branch
    technician = shop.get_technician(was["technician_id"], branch)
    bay = shop.get_bay(was["bay_id"], branch) if was["bay_id"] else None
    length = {"minutes": was["minutes"], "across": was["across"]}
    starts_at = datetime.fromisoformat(was["starts_at"])
    if version is None:
        scheduling.assign(job, technician, bay, starts_at, **length, by=by, at=at)
        return
    scheduling.move(job, technician, bay, starts_at, **length, seen_version=version, by=by, at=at)


def _take_back_pin(job: Job, was: list[str], version: int | None, by: User, at: datetime) -> None:
    seen = version or 0
    if was:
        parts = [PinPart(each) for each in was]
        pinning.fix(job, parts, seen_version=seen, by=by, at=at)
    else:
        pinning.release(job, seen_version=seen, by=by, at=at)


_TAKE_BACK: dict[str, Callable[[Job, Any, int | None, User, datetime], None]] = {
    _PLACE: _take_back_place,
    _PIN: _take_back_pin,
}
