"""The planner's own process: a problem on standard input, progress and the plan on standard output.

Each line is a JSON object with one key: `progress` and `plan` carry a plan, `failure` says why
there is none. Only this process and the command line import the solver.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

from workshop.planner import planning, reading
from workshop.planner.problem import BadProblem, NoPlan, Plan

# People who click come before a search that may take a while.
NICENESS = 10
# A large day is improved hundreds of times; each plan that is sent is checked in the web process.
PROGRESS_SECONDS = 0.5


def main() -> int:
    """Read, plan, answer; the exit status is 0 only when there is a plan."""
    _step_back()
    asked = json.load(sys.stdin)
    try:
        plan = planning.plan(
            reading.read(asked["problem"]),
            seconds=asked["seconds"],
            workers=asked["workers"],
            on_progress=Progress(),
        )
    except BadProblem as error:
        return _fail("refused", error.faults[0])
    except NoPlan as error:
        return _fail("no_plan", str(error))
    except MemoryError:
        return _fail("memory", "")
    _send("plan", plan.as_json())
    return 0


class Progress:
    """Sends better plans, but not so often that whoever checks them has no time for the shop."""

    def __init__(self) -> None:
        self._told_at = -math.inf

    def __call__(self, plan: Plan) -> None:
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_SECONDS:
            self._told_at = now
            _send("progress", plan.as_json())


def _step_back() -> None:
    """Leave processor and memory to the shop: slow down, and be the first to go when it is full."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _fail(failure: str, detail: str) -> int:
    _send("failure", {"kind": failure, "detail": detail})
    return 2


def _send(key: str, value: Any) -> None:
    sys.stdout.write(json.dumps({key: value}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
