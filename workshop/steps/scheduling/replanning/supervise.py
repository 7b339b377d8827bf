"""Runs the planner in a process of its own and watches over it, beside the requests.

The thread that watches writes down how far the planner is, and counts the run's beat. A request
that ends the run only changes its state: whoever watches sees it within a second and stops the
planner, in whatever process of the server it is.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import structlog
from sqlalchemy import select, update

from workshop import db
from workshop.planner import reading, verify
from workshop.planner.problem import Plan, Problem
from workshop.steps.scheduling.replanning.models import Failure, PlanRun, RunState

log = structlog.get_logger(__name__)

COMMAND: Sequence[str] = (sys.executable, "-m", "workshop.planner.process")
WORKERS = 2
# What starting and ending the process may take beside the search itself.
GRACE_SECONDS = 10.0
BEAT_SECONDS = 1.0
# A run whose beat stands still this long has nobody who watches over it.
LOST_SECONDS = 15.0
# What a process says at its end when it got no more memory: Python, the solver, its threads, BLAS.
_WANTS_MEMORY = (
    "MemoryError",
    "bad_alloc",
    "Cannot allocate memory",
    "Resource temporarily unavailable",
    "Memory allocation still failed",
)
_LAST_LINES = 5

_last_beats: dict[int, tuple[int, float]] = {}


@dataclass(frozen=True)
class Host:
    """What the watching thread needs of the application: its context, clock and commit."""

    context: Callable[[], AbstractContextManager[Any]]
    now: Callable[[], datetime]
    commit: Callable[[], None]
    rollback: Callable[[], None]


def start(run_id: int, host: Host) -> None:
    """Let the planner begin; the run must be committed. Returns at once."""
    name = f"plan-run-{run_id}"
    threading.Thread(target=watch, args=(run_id, host), name=name, daemon=True).start()


def watch(run_id: int, host: Host) -> None:
    """Run the planner to its end, whatever that is; the run has an answer or words afterwards."""
    with host.context():
        try:
            _Watch(run_id, host).run()
        except Exception as error:
            log.exception("the planner could not be watched", run=run_id)
            host.rollback()
            _end(run_id, Failure.KILLED, str(error)[:200], host.now())
            host.commit()
        finally:
            db.session.remove()


def is_lost(run: PlanRun) -> bool:
    """Whether nobody watches over the run any more; a restarted server notices within seconds."""
    if run.state is not RunState.RUNNING:
        _last_beats.pop(run.id, None)
        return False
    beat, since = _last_beats.get(run.id, (-1, 0.0))
    if beat != run.beat:
        _last_beats[run.id] = (run.beat, time.monotonic())
        return False
    return time.monotonic() - since > LOST_SECONDS


def close_lost(*, at: datetime) -> None:
    """Say of every run whose server has gone that it has failed; the plan in force stays."""
    running = db.session.scalars(select(PlanRun).where(PlanRun.state == RunState.RUNNING))
    for run in running.all():
        if is_lost(run):
            _end(run.id, Failure.LOST, "", at)


class _Watch:
    """One run: its process, the lines that it says, and the newest plan."""

    def __init__(self, run_id: int, host: Host) -> None:
        self.run_id, self.host = run_id, host
        with db.reading():
            run = db.session.get_one(PlanRun, run_id)
            self.seconds, raw = run.seconds, run.problem
            self.newest = Plan.from_json(run.plan) if run.plan else None
            db.session.remove()
        self.problem: Problem = reading.read(raw)
        self.question = {"problem": raw, "seconds": self.seconds, "workers": WORKERS}
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.answer: dict[str, Any] = {}

    def run(self) -> None:
        with tempfile.TemporaryFile("w+") as question, tempfile.TemporaryFile("w+") as errors:
            json.dump(self.question, question)
            question.seek(0)
            process = subprocess.Popen(
                COMMAND, stdin=question, stdout=subprocess.PIPE, stderr=errors, text=True
            )
            assert process.stdout is not None
            reader = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
            reader.start()
            is_over = False
            try:
                is_over = self._follow()
            finally:
                code = _finish(process, kill=not is_over)
                reader.join()
                process.stdout.close()
            if is_over:
                errors.seek(0)
                self._conclude(code, errors.read())

    def _listen(self, stdout: IO[str]) -> None:
        for line in stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _follow(self) -> bool:
        """Listen until the planner has said its last; False when the run was ended meanwhile."""
        ends_at = time.monotonic() + self.seconds + GRACE_SECONDS
        beats_at = time.monotonic()
        while True:
            line = self._next_line()
            if line is None:
                return True
            self._hear(line)
            if time.monotonic() >= beats_at:
                beats_at = time.monotonic() + BEAT_SECONDS
                if not self._beat():
                    return False
            if time.monotonic() > ends_at:
                self._fail(Failure.TIMEOUT, "")
                return False

    def _next_line(self) -> str | None:
        try:
            return self.lines.get(timeout=BEAT_SECONDS / 2)
        except queue.Empty:
            return ""

    def _hear(self, line: str) -> None:
        said = json.loads(line) if line.strip() else {}
        if "progress" in said:
            plan = Plan.from_json(said["progress"])
            is_better = self.newest is None or plan.objective < self.newest.objective
            if is_better and not verify.faults(self.problem, plan):
                self.newest = plan
        elif said:
            self.answer = said

    def _conclude(self, code: int, errors: str) -> None:
        if "plan" in self.answer:
            plan = Plan.from_json(self.answer["plan"])
            faults = verify.faults(self.problem, plan)
            if faults:
                log.error("the planner made a faulty plan", run=self.run_id, faults=faults)
                self._fail(Failure.FAULTY, faults[0])
            else:
                ready = {"plan": plan.as_json(), "state": RunState.READY}
                self._write(**ready, finished_at=self.host.now())
            return
        said = self.answer.get("failure")
        if said is not None:
            self._fail(Failure(said["kind"]), said["detail"])
            return
        last = errors.strip().splitlines()[-_LAST_LINES:] or [f"exit status {code}"]
        is_full = any(words in line for words in _WANTS_MEMORY for line in last)
        failure = Failure.MEMORY if is_full else Failure.KILLED
        self._fail(failure, last[-1][:200])

    def _beat(self) -> bool:
        """Say that somebody watches, and what is known; False when the run is not wanted now."""
        better = {"plan": self.newest.as_json()} if self.newest is not None else {}
        return self._write(beat=PlanRun.beat + 1, **better)

    def _fail(self, failure: Failure, detail: str) -> None:
        _end(self.run_id, failure, detail, self.host.now())
        self.host.commit()

    def _write(self, **values: Any) -> bool:
        is_wanted = _change(self.run_id, **values)
        self.host.commit()
        return is_wanted


def _finish(process: subprocess.Popen[str], *, kill: bool) -> int:
    """The exit status; a planner that has said its last but does not go is helped to go."""
    if not kill:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=GRACE_SECONDS)
    process.kill()
    return process.wait()


def _end(run_id: int, failure: Failure, detail: str, at: datetime) -> None:
    state = RunState.FAILED
    _change(run_id, state=state, failure=failure, failure_detail=detail, finished_at=at)


def _change(run_id: int, **values: Any) -> bool:
    """Write, unless somebody has ended the run: their word counts."""
    still = (PlanRun.id == run_id, PlanRun.state == RunState.RUNNING)
    query = update(PlanRun).where(*still).values(**values).returning(PlanRun.id)
    return db.session.scalars(query).first() is not None
