"""The planner's own process: what it tells, and how often."""

from __future__ import annotations

import io
import json
import sys

import pytest

from tests.bench import problems as shops
from workshop.planner import greedy, process, verify
from workshop.planner.problem import Plan, as_json


def test_it_answers_with_progress_and_a_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = shops.day(12, 3, 3, seed=4)
    asked = {"problem": as_json(problem), "seconds": 20.0, "workers": 1}
    monkeypatch.setattr(process, "_step_back", lambda: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asked)))
    assert process.main() == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert list(said[0]) == ["progress"]
    assert verify.faults(problem, Plan.from_json(said[-1]["plan"])) == []


def test_progress_is_told_at_once_and_then_every_half_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    plan, clock = greedy.plan(shops.day(12, 3, 3, seed=4)), [0.0]
    monkeypatch.setattr(process.time, "monotonic", lambda: clock[0])
    tell = process.Progress()
    # when
    for hundredth in range(101):
        clock[0] = hundredth / 100
        tell(plan)
    # then
    assert len(capsys.readouterr().out.splitlines()) == 3
