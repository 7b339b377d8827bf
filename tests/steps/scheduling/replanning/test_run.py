"""The planner's own process: watched, limited, cancelled, killed, and never believed blindly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from tests.bench import problems
from tests.databases import Database
from tests.factories import AT
from tests.steps.scheduling.replanning.floor import Floor, make_floor, place_of
from workshop import clock, db
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import Job
from workshop.planner import problem as planning
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning import supervise
from workshop.steps.scheduling.replanning.models import (
    Cause,
    Failure,
    PlanReason,
    PlanRun,
    RunState,
)


@pytest.fixture
def floor(database: Database, monkeypatch: pytest.MonkeyPatch) -> Floor:
    # A new database gives the numbers of an older one's runs again.
    monkeypatch.setattr(supervise, "_last_beats", {})
    floor = make_floor()
    floor.plan(11)
    floor.plan(14)
    return floor


def ask(floor: Floor) -> PlanRun:
    run = replan.ask(floor.branch, floor.goes_home(), by=floor.advisor, at=AT)
    db.commit()
    return run


def host_of(database: Database) -> supervise.Host:
    return supervise.Host(database.app.app_context, clock.now, db.commit, db.rollback)


def watch(database: Database, run: PlanRun) -> PlanRun:
    """Run the planner to its end, and read what is known afterwards."""
    run_id = run.id
    db.rollback()
    supervise.watch(run_id, host_of(database))
    session.expire_all()
    return session.get_one(PlanRun, run_id)


def pretend(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in the place of the planner; it finds the question in `asked`."""
    head = "import json, os, sys, time\nasked = json.load(sys.stdin)\n"
    code = head + textwrap.dedent(program)
    monkeypatch.setattr(supervise, "COMMAND", (sys.executable, "-c", code))


def pretend_until_noted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str
) -> None:
    """Another program that says something, waits until it was written down, and goes on."""
    noted = tmp_path / "noted"
    heard: list[str] = []
    hear, beat = supervise._Watch._hear, supervise._Watch._beat

    def listen(watch: supervise._Watch, line: str) -> None:
        hear(watch, line)
        heard.extend(line.split())

    def count(watch: supervise._Watch) -> bool:
        goes_on = beat(watch)
        if heard:
            noted.touch()
        return goes_on

    monkeypatch.setattr(supervise._Watch, "_hear", listen)
    monkeypatch.setattr(supervise._Watch, "_beat", count)
    wait = f"while not os.path.exists({str(noted)!r}): time.sleep(0.02)\n"
    pretend(monkeypatch, textwrap.dedent(before) + wait + textwrap.dedent(after))


def test_the_real_planner_answers_with_a_proved_plan(floor: Floor, database: Database) -> None:
    # given
    run = ask(floor)
    assert run.plan is not None, "the quick answer is there at once"
    # when
    run = watch(database, run)
    # then
    assert run.state is RunState.READY, run.failure_detail
    assert run.plan is not None
    assert run.plan["proof"] == "optimal"
    assert run.plan["objective"]["customers_to_call"] == 0
    assert run.finished_at == AT
    floor.accept(run)
    assert {place_of(job)[0] for job in map(_again, floor.jobs)} == {floor.people[1].name}


def _again(job: Job) -> Job:
    return session.get_one(Job, job.id)


@pytest.mark.parametrize(
    ("program", "failure"),
    [
        ("os.kill(os.getpid(), 9)", Failure.KILLED),
        ("sys.exit('no room left')", Failure.KILLED),
        ("raise MemoryError", Failure.MEMORY),
        ('sys.exit("terminate called\\n  what():  std::bad_alloc")', Failure.MEMORY),
        ("print(json.dumps({'failure': {'kind': 'no_plan', 'detail': 'x'}}))", Failure.NO_PLAN),
        ("print('what?')", Failure.KILLED),
    ],
)
def test_a_planner_that_dies_leaves_the_plan_in_force_and_says_so(
    floor: Floor,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    failure: Failure,
) -> None:
    # given
    before = [place_of(job) for job in floor.jobs]
    pretend(monkeypatch, program)
    # when
    run = watch(database, ask(floor))
    # then
    assert (run.state, run.failure) == (RunState.FAILED, failure)
    assert [place_of(_again(job)) for job in floor.jobs] == before
    with pytest.raises(RuleBroken, match="decided already"):
        floor.accept(run)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is Linux's")
@pytest.mark.parametrize("room", [1, 2, 12])
def test_a_planner_that_really_gets_no_more_memory_leaves_the_plan_in_force_and_says_so(
    floor: Floor, database: Database, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    # given a day of sixty jobs, and the real planner with a few megabytes beside what it is
    before = [place_of(job) for job in floor.jobs]
    limited = f"""
        import re, resource, sys
        from ortools.sat.python import cp_model
        from workshop.planner import process
        status = open("/proc/self/status").read()
        used = int(re.search(r"VmData:\\s+(\\d+)", status)[1]) * 1024
        most = used + ({room} << 20)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        sys.exit(process.main())
    """
    command = (sys.executable, "-c", textwrap.dedent(limited))
    monkeypatch.setattr(supervise, "COMMAND", command)
    # A machine that is busy with other work needs long to come so far.
    monkeypatch.setattr(supervise, "GRACE_SECONDS", 120.0)
    monkeypatch.setattr(replan, "SECONDS", 120)
    run = ask(floor)
    run.problem = planning.as_json(problems.day(60, 12, 10, 1))
    run.plan = None
    db.commit()
    # when
    run = watch(database, run)
    # then
    # The solver's own code may die of it without a word, which is told as killed.
    assert run.state is RunState.FAILED
    assert run.failure in (Failure.MEMORY, Failure.KILLED), run.failure_detail
    assert [place_of(_again(job)) for job in floor.jobs] == before


def test_a_planner_that_never_ends_is_stopped(
    floor: Floor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, "time.sleep(600)")
    monkeypatch.setattr(supervise, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(replan, "SECONDS", 1)
    run = watch(database, ask(floor))
    assert (run.state, run.failure) == (RunState.FAILED, Failure.TIMEOUT)
    assert run.beat > 0


def test_a_faulty_plan_is_never_shown(
    floor: Floor, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given: everything at midnight, which no rule allows, first as progress
    program = """
        jobs = [job["id"] for job in asked["problem"]["jobs"]]
        who = asked["problem"]["technicians"][0]["id"]
        rows = [dict(job=j, technician=who, bay=None, start=0, end=60) for j in jobs]
        names = ("customers_to_call waiting_to_call comebacks_to_call unplaced late_minutes "
                 "jobs_moved completion_minutes").split()
        plan = dict(assignments=rows, unplaced=[], objective=dict.fromkeys(names, 0),
                    proof="optimal", bound={}, seconds=0.1)
        print(json.dumps({"progress": plan}), flush=True)
    """
    pretend_until_noted(monkeypatch, tmp_path, program, "print(json.dumps({'plan': plan}))")
    run = ask(floor)
    quick = run.plan
    # when
    run = watch(database, run)
    # then
    assert (run.state, run.failure) == (RunState.FAILED, Failure.FAULTY)
    assert "midnight" not in run.failure_detail
    assert run.plan == quick


def test_progress_is_written_down_while_the_planner_is_at_work(
    floor: Floor, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given: the planner's own answer, said only as progress before it dies
    run = ask(floor)
    plan = dict(run.plan or {})
    run.plan = None
    db.commit()
    says = f"print(json.dumps({{'progress': {plan!r}}}), flush=True)\n"
    pretend_until_noted(monkeypatch, tmp_path, says, "os.kill(os.getpid(), 9)")
    # when
    run = watch(database, run)
    # then
    assert run.plan == plan
    assert run.state is RunState.FAILED


def test_a_cancelled_run_stops_its_process(
    floor: Floor, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    # given
    note = f"{tmp_path}/pid"
    pretend(monkeypatch, f"open({note!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    run = ask(floor)
    run_id, advisor_id = run.id, floor.advisor.id
    db.rollback()
    # when
    watching = threading.Thread(target=supervise.watch, args=(run_id, host_of(database)))
    watching.start()
    with database.app.app_context():
        again = session.get_one(PlanRun, run_id)
        by = session.get_one(type(floor.advisor), advisor_id)
        replan.reject(again, by=by, at=AT)
        db.commit()
        session.remove()
    watching.join(timeout=30)
    # then
    assert not watching.is_alive()
    session.expire_all()
    assert session.get_one(PlanRun, run_id).state is RunState.CANCELLED
    if os.path.exists(note):
        with open(note) as file, pytest.raises(ProcessLookupError):
            os.kill(int(file.read() or "0") or 2**22, signal.SIGCONT)


def test_whoever_takes_the_best_so_far_keeps_it(floor: Floor, database: Database) -> None:
    run = ask(floor)
    quick = run.plan
    replan.stop(run, by=floor.advisor, at=AT)
    db.commit()
    run = watch(database, run)
    assert run.state is RunState.READY
    assert run.plan == quick


def test_a_run_whose_server_has_gone_is_closed(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    run = ask(floor)
    now = time.monotonic()
    monkeypatch.setattr(supervise.time, "monotonic", lambda: now)
    assert not supervise.is_lost(run)
    # when
    now += supervise.LOST_SECONDS + 1
    # then
    assert supervise.is_lost(run)
    supervise.close_lost(at=AT)
    session.expire_all()
    assert (run.state, run.failure) == (RunState.FAILED, Failure.LOST)


def test_a_run_that_beats_is_not_lost(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ask(floor)
    now = time.monotonic()
    monkeypatch.setattr(supervise.time, "monotonic", lambda: now)
    assert not supervise.is_lost(run)
    now += supervise.LOST_SECONDS + 1
    run.beat += 1
    assert not supervise.is_lost(run)


def test_the_process_tells_what_is_wrong_with_a_question() -> None:
    # given
    question = json.dumps({"problem": {}, "seconds": 1, "workers": 1})
    # when
    answer = subprocess.run(
        supervise.COMMAND, input=question, capture_output=True, text=True, check=False
    )
    # then
    said = json.loads(answer.stdout)
    assert answer.returncode == 2
    assert said["failure"]["kind"] == "refused"
    assert said["failure"]["detail"].endswith("is missing")


def test_only_the_planners_process_imports_the_solver() -> None:
    code = "import sys, workshop.app; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_cause_survives_the_way_into_the_database() -> None:
    cause = Cause(PlanReason.ABSENT, 3, None, 0, AT, "发烧")
    assert Cause.from_json(PlanReason.ABSENT, json.loads(json.dumps(cause.as_json()))) == cause
