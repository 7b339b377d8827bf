"""Reads a problem from JSON and finds every fault of it, each as one `path: reason` line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from workshop.planner import pins
from workshop.planner.node import Node
from workshop.planner.problem import (
    Assignment,
    BadProblem,
    Bay,
    Interval,
    Job,
    Order,
    Pin,
    Problem,
    Technician,
    as_json,
)

Item = TypeVar("Item")


def read(raw: Any) -> Problem:
    """The problem in a JSON value.

    Raises BadProblem with all faults when it breaks a rule of the format.
    """
    problem, faults = _read(raw)
    if faults:
        raise BadProblem(faults)
    return problem


def check(problem: Problem) -> None:
    """Raise BadProblem when a problem that was made by hand breaks a rule of the format."""
    read(as_json(problem))


def faults_of(raw: Any) -> list[str]:
    """Every fault of a JSON value as a problem, in the order of the document's parts."""
    return _read(raw)[1]


class _Found(dict[str, Item]):
    """Sound entries by id; `paths` also knows the ids of the faulty ones, `all` every entry."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: dict[str, str] = {}
        self.all: list[tuple[str, Item]] = []


def _read(raw: Any) -> tuple[Problem, list[str]]:
    faults: list[str] = []
    root = Node(raw, "", faults)
    if not root.is_object():
        return Problem(0, 0, 0, (), (), (), ()), faults
    now = root.child("now").minute()
    buffer_minutes = root.child("buffer_minutes").minute(least=0)
    delivery_minutes = root.child("delivery_minutes").minute(least=0)
    technicians = _all(root.child("technicians"), _technician)
    bays = _all(root.child("bays"), _bay)
    orders = _all(root.child("orders"), _order)
    is_ground_sound = not faults
    jobs = _all(root.child("jobs"), _job)
    rows = _current(root.child("current"), technicians, bays, jobs)
    _references(jobs, technicians, bays, orders, faults)
    _without_rows(jobs, rows, faults)
    circles = _circles(jobs, faults)
    known = {
        name: job
        for name, job in jobs.items()
        if name not in circles
        and job.order in orders
        and (name in rows or not job.is_running)
        and (job.pin.technician is None or job.pin.technician in technicians)
        and (job.pin.bay is None or job.pin.bay in bays)
    }
    sound = _whole(known)
    problem = Problem(
        now,
        buffer_minutes,
        delivery_minutes,
        tuple(technicians.values()),
        tuple(bays.values()),
        tuple(orders.values()),
        tuple(sound.values()),
        tuple(row for row in rows.values() if row.job in sound),
    )
    if is_ground_sound:
        # What a pin contradicts can only be judged where shifts, bays and orders are known.
        faults.extend(pins.faults(problem, jobs.paths, rows.paths))
    return problem, faults


def _all(listed: Node, read_one: Callable[[Node], Item]) -> _Found[Item]:
    found: _Found[Item] = _Found()
    for node in listed.items():
        before = len(listed.faults)
        if not node.is_object():
            continue
        item = read_one(node)
        found.all.append((node.path, item))
        name = node.child("id")
        if isinstance(name.value, str) and name.value in found.paths:
            name.fault(f"{name.value!r} is already the id of {found.paths[name.value]}")
            continue
        if isinstance(name.value, str):
            found.paths[name.value] = node.path
        if len(listed.faults) == before:
            found[name.value] = item
    return found


def _technician(node: Node) -> Technician:
    skills = node.child("skills")
    levels = {}
    if skills.is_object():
        levels = {name: skills.child(name).number(least=0) for name in skills.value}
    return Technician(node.child("id").text(), levels, _intervals(node.child("shifts")))


def _bay(node: Node) -> Bay:
    return Bay(node.child("id").text(), node.child("kind").text(), _intervals(node.child("open")))


def _order(node: Node) -> Order:
    promised = node.child("promised")
    return Order(
        id=node.child("id").text(),
        promised=None if promised.is_null() else promised.minute(),
        waiting=_flag(node.child("waiting")),
        comeback=_flag(node.child("comeback")),
        ready_at=_ready(node.child("ready_at")),
    )


def _job(node: Node) -> Job:
    skill, level = node.child("skill"), node.child("level")
    since, after = node.child("running_since"), node.child("after")
    return Job(
        id=node.child("id").text(),
        order=node.child("order").text(),
        minutes=node.child("minutes").minute(least=1),
        skill=None if skill.is_null() else skill.text(),
        level=1 if level.is_null() else level.number(least=0),
        bay_kinds=tuple(each.text() for each in node.child("bay_kinds").items()),
        after=tuple(each.text() for each in after.items()) if after.is_given() else (),
        ready_at=_ready(node.child("ready_at")),
        splittable=_flag(node.child("splittable")),
        running_since=None if since.is_null() else since.minute(),
        pin=_pin(node.child("pinned")),
        also=_levels(node.child("also")),
    )


def _levels(node: Node) -> dict[str, int]:
    if not node.is_given() or not node.is_object():
        return {}
    return {name: node.child(name).number(least=0) for name in node.value}


def _pin(node: Node) -> Pin:
    if node.is_null() or not node.is_object():
        return Pin()
    technician, bay, start = (node.child(name) for name in ("technician", "bay", "start"))
    return Pin(
        technician=None if technician.is_null() else technician.text(),
        bay=None if bay.is_null() else bay.text(),
        start=None if start.is_null() else start.minute(),
    )


def _flag(node: Node) -> bool:
    return node.is_given() and node.flag()


def _ready(node: Node) -> int | None:
    return node.minute() if node.is_given() else None


def _intervals(listed: Node) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for node in listed.items():
        ends = list(node.items())
        if isinstance(node.value, list) and len(ends) != 2:
            node.fault("must be a start and an end")
        if len(ends) != 2:
            continue
        before = len(listed.faults)
        start, end = ends[0].minute(), ends[1].minute()
        if len(listed.faults) > before:
            continue
        if end <= start:
            node.fault("must end after it starts")
        elif found and start < found[-1][0]:
            node.fault("must stand in order of time")
        elif found and start < found[-1][1]:
            node.fault("overlaps the one before it")
        found.append((start, end))
    return tuple(found)


def _current(
    listed: Node, technicians: _Found[Technician], bays: _Found[Bay], jobs: _Found[Job]
) -> _Found[Assignment]:
    found: _Found[Assignment] = _Found()
    for node in listed.items() if listed.is_given() else ():
        before = len(listed.faults)
        row = _row(node) if node.is_object() else None
        if row is None:
            continue
        _known(node.child("job"), "job", row.job, jobs.paths)
        _known(node.child("technician"), "technician", row.technician, technicians.paths)
        _known(node.child("bay"), "bay", row.bay, bays.paths)
        if row.job in found.paths:
            node.child("job").fault(f"{row.job!r} is already in {found.paths[row.job]}")
        found.paths.setdefault(row.job, node.path)
        if len(listed.faults) == before:
            found[row.job] = row
    return found


def _row(node: Node) -> Assignment:
    bay = node.child("bay")
    row = Assignment(
        job=node.child("job").text(),
        technician=node.child("technician").text(),
        bay=None if bay.is_null() else bay.text(),
        start=node.child("start").minute(),
        end=node.child("end").minute(),
    )
    if row.end < row.start:
        node.child("end").fault("must not be before the start")
    return row


def _known(node: Node, kind: str, name: str | None, paths: dict[str, str]) -> None:
    # An empty name was a fault of its type, which has been said already.
    if name and name not in paths:
        node.fault(f"no {kind} {name!r}")


def _references(
    jobs: _Found[Job],
    technicians: _Found[Technician],
    bays: _Found[Bay],
    orders: _Found[Order],
    faults: list[str],
) -> None:
    for path, job in jobs.all:
        node = Node({}, path, faults)
        _known(node.child("order"), "order", job.order, orders.paths)
        for before in job.after:
            _known(node.child("after"), "job", before, jobs.paths)
        pinned = node.child("pinned")
        _known(pinned.child("technician"), "technician", job.pin.technician, technicians.paths)
        _known(pinned.child("bay"), "bay", job.pin.bay, bays.paths)


def _without_rows(jobs: _Found[Job], rows: _Found[Assignment], faults: list[str]) -> None:
    for path, job in jobs.all:
        if job.is_running and job.id not in rows.paths:
            faults.append(f"{path}.running_since: {job.id!r} has no row in current to keep")


def _circles(jobs: _Found[Job], faults: list[str]) -> set[str]:
    found = set()
    after = {job.id: job.after for _, job in jobs.all}
    for path, job in jobs.all:
        seen: set[str] = set()
        ahead = list(job.after)
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                ahead.extend(after.get(name, ()))
        if job.id in seen:
            found.add(job.id)
            faults.append(f"{path}.after: {job.id!r} would wait for itself")
    return found


def _whole(jobs: dict[str, Job]) -> dict[str, Job]:
    """The jobs whose earlier ones are all among them too, so that their pins can be judged."""
    while True:
        kept = {name: job for name, job in jobs.items() if all(x in jobs for x in job.after)}
        if len(kept) == len(jobs):
            return kept
        jobs = kept
