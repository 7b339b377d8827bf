"""What a customer sees of the flow: six pictures instead of nineteen stages."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.orders.rows import Look, Milestone

_ICONS = {
    Milestone.RECEIVED: "clipboard-check",
    Milestone.QUOTED: "file-text",
    Milestone.REPAIR: "wrench",
    Milestone.CHECK: "badge-check",
    Milestone.WASH: "droplets",
    Milestone.READY: "car",
}


@dataclass(frozen=True)
class Point:
    """One milestone; state is done, current or todo."""

    milestone: Milestone
    state: str

    @property
    def icon(self) -> str:
        return _ICONS[self.milestone]


def list_points(look: Look) -> list[Point]:
    """The milestones of the visit with how far it is; all done once the car was handed over."""
    steps = list(Milestone)
    reached = steps.index(look.milestone) if look.milestone else len(steps)
    return [
        Point(step, "done" if place < reached else "current" if place == reached else "todo")
        for place, step in enumerate(steps)
    ]
