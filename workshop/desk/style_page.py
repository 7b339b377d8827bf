"""Cars that never were, for the page that shows every component."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from workshop.orders import ticks
from workshop.orders.flow import Stage, Step
from workshop.orders.rules import Expected
from workshop.orders.ticks import FlowStep, Progress, Tick

_REACHED = list(Step).index(Step.REPAIR)


def samples(at: datetime) -> dict[str, Any]:
    """An order in the repair, and one of a new-energy vehicle that stands ready."""
    order = _order(Stage.REPAIR, at, "粤B12345", "福特 蒙迪欧 2.0T 2023", repeat_repair=True)
    green = _order(Stage.READY, at, "粤BD12345", "Ford Mustang Mach-E 2024", repeat_repair=False)
    return {"order": order, "green": green, "flow": _flow(), "on_time": Expected(at, at)}


def _order(
    stage: Stage, at: datetime, plate: str, title: str, *, repeat_repair: bool
) -> SimpleNamespace:
    return SimpleNamespace(
        no="RO20261123-0012",
        stage=stage,
        repeat_repair=repeat_repair,
        stays=repeat_repair,
        vehicle=SimpleNamespace(plate=plate, title=title),
        customer=SimpleNamespace(name="王建国"),
        promised_at=at,
        first_promised_at=None,
        has_new_promise=False,
        is_late=lambda _at: False,
    )


def _flow() -> list[FlowStep]:
    return [FlowStep(step, _tick(place), "#flow") for place, step in enumerate(Step)]


def _tick(place: int) -> Tick:
    if place == 0:
        return ticks.not_needed("")
    if place == _REACHED:
        return Tick(Progress.CURRENT)
    return ticks.DONE if place < _REACHED else ticks.OPEN
