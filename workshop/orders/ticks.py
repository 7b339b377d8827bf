"""How far a step is with an order: what its tick on the flow bar says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.flow import Stage, Step


class Progress(LabelledEnum):
    """What a step says of itself, from its own facts; `current` is the first that is open."""

    DONE = "done", N_("done")
    SKIPPED = "skipped", N_("skipped")
    NOT_NEEDED = "not_needed", N_("not needed")
    OPEN = "todo", N_("to do")
    CURRENT = "current", N_("in work")

    @property
    def is_done(self) -> bool:
        """Whether all of it was done."""
        return self is Progress.DONE

    @property
    def is_current(self) -> bool:
        """Whether the step has to act now."""
        return self is Progress.CURRENT

    @property
    def is_left_out(self) -> bool:
        """Whether nothing is done here, and nothing will be."""
        return self in (Progress.SKIPPED, Progress.NOT_NEEDED)


@dataclass(frozen=True)
class Tick:
    """How far a step is; `message` is a msgid that says why nothing is."""

    progress: Progress
    message: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.progress is Progress.OPEN


DONE = Tick(Progress.DONE)
OPEN = Tick(Progress.OPEN)


def skipped(why: str, **values: Any) -> Tick:
    """It should have been done, and was not."""
    return Tick(Progress.SKIPPED, why, values)


def not_needed(why: str) -> Tick:
    """There is nothing to do in it."""
    return Tick(Progress.NOT_NEEDED, why)


@dataclass(frozen=True)
class FlowStep:
    """One of the steps as the flow bar draws it."""

    step: Step
    tick: Tick
    url: str

    def is_of(self, step: str) -> bool:
        """Whether this is the step with that word, such as "handover"."""
        return bool(self.step.value == step)


def draw(stage: Stage, no: str, ticks: Mapping[Step, Tick]) -> list[FlowStep]:
    """The steps with their ticks, in order; the one that has to act now is `current`.

    That is the step of the stage while it is open, else the first open one after it. Nothing is
    left to do for an order that was cancelled.
    """
    if stage is Stage.CANCELLED:
        over = not_needed(N_("The visit was cancelled."))
        ticks = {step: over if tick.is_open else tick for step, tick in ticks.items()}
    current = _find_current(stage, ticks)
    return [
        FlowStep(
            step,
            Tick(Progress.CURRENT) if step is current else tick,
            f"/orders/{no}/{step.value}",
        )
        for step, tick in ticks.items()
    ]


def _find_current(stage: Stage, ticks: Mapping[Step, Tick]) -> Step | None:
    steps = list(ticks)
    if stage.step is None:
        return None
    following = steps[steps.index(stage.step) :]
    return next((step for step in following if ticks[step].is_open), None)
