"""A problem read from JSON, and each fault of it named by its field."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.planner import strategies
from workshop.planner import reading
from workshop.planner.problem import Assignment, BadProblem, Job, Objective, Plan, Problem, as_json


def good() -> dict[str, Any]:
    """The page's own example, with a second job that runs and a third that is free."""
    return {
        "now": 60,
        "buffer_minutes": 15,
        "delivery_minutes": 15,
        "technicians": [
            {"id": "T1", "skills": {"engine": 2}, "shifts": [[0, 240], [300, 540]]},
            {"id": "T2", "skills": {"body": 1}, "shifts": [[0, 540]]},
        ],
        "bays": [
            {"id": "B1", "kind": "lift", "open": [[0, 540]]},
            {"id": "B2", "kind": "ground", "open": [[0, 540]]},
        ],
        "orders": [
            {"id": "R1", "promised": 300, "waiting": True, "comeback": False, "ready_at": 0},
            {"id": "R2", "promised": None, "waiting": False, "comeback": False, "ready_at": 0},
        ],
        "jobs": [
            {"id": "J1", "order": "R1", "minutes": 60, "skill": "engine", "level": 1,
             "bay_kinds": ["lift"], "after": [], "ready_at": 0,
             "running_since": None, "pinned": None},
            {"id": "J2", "order": "R2", "minutes": 60, "skill": "body", "level": 1,
             "bay_kinds": ["ground"], "after": [], "ready_at": 0,
             "running_since": 30, "pinned": None},
            {"id": "J3", "order": "R2", "minutes": 30, "skill": None, "level": 1,
             "bay_kinds": [], "after": ["J2"], "ready_at": 0, "splittable": True,
             "running_since": None, "pinned": None},
        ],
        "current": [
            {"job": "J1", "technician": "T1", "bay": "B1", "start": 90, "end": 150},
            {"job": "J2", "technician": "T2", "bay": "B2", "start": 30, "end": 90},
        ],
    }  # fmt: skip


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The good problem with some fields set: `jobs[0].minutes` and the value."""
    raw = copy.deepcopy(good())
    for path, value in changes:
        *way, last = path.replace("[", ".#").replace("]", "").split(".")
        place: Any = raw
        for part in way:
            place = place[int(part[1:])] if part.startswith("#") else place[part]
        place[int(last[1:]) if last.startswith("#") else last] = value
    return raw


def test_the_format_page_s_problem_is_read_with_every_field() -> None:
    problem = reading.read(good())
    assert problem.jobs[0] == Job("J1", "R1", 60, "engine", 1, ("lift",), (), 0)
    assert problem.jobs[2].splittable
    assert problem.jobs[2].after == ("J2",)
    assert problem.running == (Assignment("J2", "T2", "B2", 30, 90),)
    assert problem.due(problem.orders[0]) == 285


def test_what_may_be_left_out_may_be_left_out() -> None:
    raw = good()
    del raw["current"]
    del raw["jobs"][1:]
    raw["jobs"][0] = {"id": "J1", "order": "R1", "minutes": 5, "bay_kinds": []}
    raw["orders"] = [{"id": "R1"}]
    assert reading.read(raw).jobs == (Job("J1", "R1", 5),)


@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.problems())
def test_a_problem_written_as_json_reads_as_itself(problem: Problem) -> None:
    assert reading.read(json.loads(json.dumps(as_json(problem)))) == problem


def test_a_plan_written_as_json_reads_as_itself() -> None:
    row = Assignment("J1", "T1", None, 3, 8)
    plan = Plan((row,), ("J2",), Objective(unplaced=1), "optimal", {"unplaced": 1}, 0.5)
    assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan


PIN = "jobs[0].pinned"
FAULTS = [
    ([("now", 1.5)], "now: must be a whole number of minutes, not 1.5"),
    ([("now", True)], "now: must be a whole number of minutes, not True"),
    ([("now", 10**12)], "now: 1000000000000 is too far from the origin"),
    ([("buffer_minutes", -1)], "buffer_minutes: must be at least 0, not -1"),
    ([("delivery_minutes", None)], "delivery_minutes: must be a whole number of minutes, not None"),
    ([("technicians", {})], "technicians: must be a list, not {}"),
    ([("technicians[0]", "T1")], "technicians[0]: must be an object, not 'T1'"),
    ([("technicians[0].id", "")], "technicians[0].id: must be a text that is not empty, not ''"),
    ([("technicians[0].skills", [])], "technicians[0].skills: must be an object, not []"),
    (
        [("technicians[0].skills.engine", -1)],
        "technicians[0].skills.engine: must be at least 0, not -1",
    ),
    ([("technicians[1].id", "T1")], "technicians[1].id: 'T1' is already the id of technicians[0]"),
    ([("technicians[0].shifts[1]", [240])], "technicians[0].shifts[1]: must be a start and an end"),
    (
        [("technicians[0].shifts[1][0]", "x")],
        "technicians[0].shifts[1][0]: must be a whole number of minutes, not 'x'",
    ),
    (
        [("technicians[0].shifts[0]", [240, 240])],
        "technicians[0].shifts[0]: must end after it starts",
    ),
    (
        [("technicians[0].shifts[1]", [239, 300])],
        "technicians[0].shifts[1]: overlaps the one before it",
    ),
    (
        [("technicians[0].shifts[0]", [300, 400])],
        "technicians[0].shifts[1]: overlaps the one before it",
    ),
    (
        [("technicians[0].shifts[0]", [600, 700])],
        "technicians[0].shifts[1]: must stand in order of time",
    ),
    ([("bays[0].open[0]", [9, 2])], "bays[0].open[0]: must end after it starts"),
    ([("bays[0].kind", 7)], "bays[0].kind: must be a text that is not empty, not 7"),
    ([("bays[1].id", "B1")], "bays[1].id: 'B1' is already the id of bays[0]"),
    (
        [("orders[0].promised", "noon")],
        "orders[0].promised: must be a whole number of minutes, not 'noon'",
    ),
    ([("orders[0].waiting", 1)], "orders[0].waiting: must be true or false, not 1"),
    ([("orders[1].id", "R1")], "orders[1].id: 'R1' is already the id of orders[0]"),
    ([("jobs[0].id", "J3")], "jobs[2].id: 'J3' is already the id of jobs[0]"),
    ([("jobs[0].order", "R9")], "jobs[0].order: no order 'R9'"),
    ([("jobs[0].minutes", -5)], "jobs[0].minutes: must be at least 1, not -5"),
    ([("jobs[0].minutes", 0)], "jobs[0].minutes: must be at least 1, not 0"),
    ([("jobs[0].level", -1)], "jobs[0].level: must be at least 0, not -1"),
    ([("jobs[0].skill", 3)], "jobs[0].skill: must be a text that is not empty, not 3"),
    ([("jobs[0].bay_kinds", None)], "jobs[0].bay_kinds: must be a list, not None"),
    (
        [("jobs[0].bay_kinds", [None])],
        "jobs[0].bay_kinds[0]: must be a text that is not empty, not None",
    ),
    ([("jobs[0].ready_at", None)], "jobs[0].ready_at: must be a whole number of minutes, not None"),
    ([("jobs[0].splittable", "yes")], "jobs[0].splittable: must be true or false, not 'yes'"),
    ([("jobs[0].after", ["J9"])], "jobs[0].after: no job 'J9'"),
    ([("jobs[0].after", ["J1"])], "jobs[0].after: 'J1' would wait for itself"),
    (
        [("jobs[0].after", ["J3"]), ("jobs[2].after", ["J1"])],
        "jobs[2].after: 'J3' would wait for itself",
    ),
    ([("jobs[1].running_since", 61)], "jobs[1].running_since: 61 is after now, 60"),
    (
        [("jobs[0].running_since", 30), ("current[0]", good()["current"][1])],
        "jobs[0].running_since: 'J1' has no row in current to keep",
    ),
    (
        [("jobs[1].after", ["J1"])],
        "jobs[1].running_since: 'J1', which must end first, has not started",
    ),
    (
        [("current[1].start", 95), ("current[1].end", 99)],
        "jobs[1].running_since: the job would end before the start of current[1]",
    ),
    (
        [("jobs[1].pinned", {"technician": "T1"})],
        "jobs[1].pinned.technician: the job runs, and its row in current says 'T2'",
    ),
    (
        [("jobs[1].pinned", {"start": 40})],
        "jobs[1].pinned.start: the job runs, and its row in current says 30",
    ),
    ([("current[0].job", "J9")], "current[0].job: no job 'J9'"),
    ([("current[0].technician", "T9")], "current[0].technician: no technician 'T9'"),
    ([("current[0].bay", "B9")], "current[0].bay: no bay 'B9'"),
    ([("current[0].job", "J2")], "current[1].job: 'J2' is already in current[0]"),
    ([("current[0].end", 80)], "current[0].end: must not be before the start"),
    ([(PIN, "T1")], "jobs[0].pinned: must be an object, not 'T1'"),
    ([(PIN, {"technician": "T9"})], "jobs[0].pinned.technician: no technician 'T9'"),
    ([(PIN, {"bay": "B9"})], "jobs[0].pinned.bay: no bay 'B9'"),
    (
        [(PIN, {"start": "9:00"})],
        "jobs[0].pinned.start: must be a whole number of minutes, not '9:00'",
    ),
    ([(PIN, {"technician": "T2"})], "jobs[0].pinned.technician: 'T2' has no 'engine' at level 1"),
    ([(PIN, {"bay": "B2"})], "jobs[0].pinned.bay: 'B2' is a ground, wanted is lift"),
    ([("jobs[2].pinned", {"bay": "B1"})], "jobs[2].pinned.bay: 'B1' is a lift, wanted is no bay"),
    ([(PIN, {"start": 59})], "jobs[0].pinned.start: 59 is before the earliest start, 60"),
    (
        [(PIN, {"start": 90}), ("jobs[0].ready_at", 100)],
        "jobs[0].pinned.start: 90 is before the earliest start, 100",
    ),
    (
        [(PIN, {"start": 90}), ("orders[0].ready_at", 100)],
        "jobs[0].pinned.start: 90 is before the earliest start, 100",
    ),
    (
        [(PIN, {"start": 200})],
        "jobs[0].pinned.start: nobody who may do it can start at 200 and end in time",
    ),
    ([("jobs[2].pinned", {"start": 80})], "jobs[2].pinned.start: 80 is before 'J2' can end, at 90"),
    (
        [("jobs[2].after", ["J1"]), ("jobs[0].skill", "paint"), ("jobs[2].pinned", {"start": 200})],
        "jobs[2].pinned.start: 'J1', which must end first, has no place",
    ),
    (
        [("jobs[2].after", []), ("jobs[2].pinned", {"start": 80})],
        "jobs[2].pinned.start: a running job is in the way",
    ),
    (
        [("jobs[2].pinned", {"technician": "T2", "start": 100})],
        "jobs[2].pinned.start: a running job is in the way",
    ),
    (
        [
            ("jobs[0].minutes", 30),
            (PIN, {"start": 120}),
            ("jobs[2].pinned", {"technician": "T1", "start": 160}),
        ],
        "jobs[2].pinned.start: cannot be kept together with the pin of 'J1'",
    ),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_a_fault_names_its_field(changes: list[tuple[str, Any]], fault: str) -> None:
    assert fault in reading.faults_of(changed(*changes))
    with pytest.raises(BadProblem) as caught:
        reading.read(changed(*changes))
    assert fault in str(caught.value)


@pytest.mark.parametrize("raw", [None, [], "x", 3])
def test_what_is_no_object_is_no_problem(raw: Any) -> None:
    assert reading.faults_of(raw)[0].startswith("problem: must be an object")


@pytest.mark.parametrize("name", [name for name in good() if name != "current"])
def test_a_missing_part_is_named(name: str) -> None:
    raw = good()
    del raw[name]
    assert f"{name}: is missing" in reading.faults_of(raw)


def test_all_faults_are_told_not_only_the_first() -> None:
    raw = changed(
        ("jobs[0].minutes", -5),
        ("jobs[0].after", ["J9"]),
        ("technicians[1].id", "T1"),
        ("orders[0].waiting", "yes"),
    )
    assert [fault.split(":")[0] for fault in reading.faults_of(raw)] == [
        "technicians[1].id",
        "orders[0].waiting",
        "jobs[0].minutes",
        "current[1].technician",
        "jobs[0].after",
    ]


def test_two_running_jobs_may_meet_and_may_lie_outside_their_shifts() -> None:
    raw = changed(
        ("jobs[0].running_since", 20),
        ("current[0]", {"job": "J1", "technician": "T2", "bay": "B2", "start": 20, "end": 80}),
        ("technicians[1].shifts", []),
    )
    assert reading.faults_of(raw) == []


def test_a_problem_made_by_hand_is_checked_too() -> None:
    problem = reading.read(good())
    with pytest.raises(BadProblem, match=r"jobs\[0\]\.order: no order 'R9'"):
        reading.check(replace(problem, jobs=(Job("J1", "R9", 5),), current=()))
