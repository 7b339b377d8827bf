"""The ten steps in their order: whatever goes by steps goes by this list.

The flow names the steps, so that a stage can name its step; here each has its package.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from workshop import kept
from workshop.orders import ticks
from workshop.orders.flow import Step
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import FlowStep
from workshop.web.face import Face


@cache
def faces() -> dict[Step, Face]:
    """What each step brings, the first step first."""
    # Loaded when asked for: a step that reads an earlier one must not load the later ones.
    return {step: import_module(f"{__name__}.{step.value}").FACE for step in Step}


def flow_of(order: RepairOrder) -> list[FlowStep]:
    """The steps of an order for the flow bar, each with what it says of itself."""

    def read() -> list[FlowStep]:
        found = {
            step: face.tick(order) if face.tick else ticks.OPEN for step, face in faces().items()
        }
        return ticks.draw(order.stage, order.no, found)

    return kept.until_written(("flow", order.id), read)
