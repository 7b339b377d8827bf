"""How a car's measured parts went over its visits, place by place: the points of small charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Spot
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.inspections.models import InspectionAnswer, InspectionValue, VehicleInspection
from workshop.orders.models import RepairOrder

WIDTH, HEIGHT = 160, 48
# So many values are drawn; a car with more shows its newest ones.
_MOST = 400
_MOST_POINTS = 12


@dataclass(frozen=True)
class Point:
    """One measurement, in thousandths of the unit."""

    at: datetime
    milli: int


@dataclass(frozen=True)
class Chart:
    """One place of one part over the visits, the oldest first; `item` is its newest line."""

    item: ChecklistItem
    spot: Spot
    points: Sequence[Point]

    @property
    def last(self) -> Point:
        """The newest measurement."""
        return self.points[-1]

    @property
    def light(self) -> str:
        """What the newest value says."""
        return self.item.limits.light_of(self.last.milli).value

    @property
    def drawn(self) -> str:
        """The line through the points, for an SVG of WIDTH × HEIGHT."""
        step = WIDTH / max(1, len(self.points) - 1)
        return " ".join(
            f"{round(number * step)},{self._height(each.milli)}"
            for number, each in enumerate(self.points)
        )

    @property
    def limit_height(self) -> int | None:
        """Where the end of its life is drawn."""
        limits = self.item.limits
        end = limits.red_low if limits.red_low is not None else limits.red_high
        return None if end is None else self._height(end)

    def _height(self, milli: int) -> int:
        ends = [each for each in self.item.limits.ends if each is not None]
        known = [*(each.milli for each in self.points), *ends]
        low, high = min(known), max(known)
        return HEIGHT if high == low else round(HEIGHT - (milli - low) * HEIGHT / (high - low))


def list_charts(vehicle: Vehicle) -> list[Chart]:
    """A chart for each place that was measured at two visits or more and has limits."""
    query = (
        select(InspectionValue.spot, InspectionValue.value_milli, InspectionAnswer)
        .join(InspectionAnswer, InspectionAnswer.id == InspectionValue.answer_id)
        .join(VehicleInspection, VehicleInspection.id == InspectionAnswer.inspection_id)
        .join(RepairOrder, RepairOrder.id == VehicleInspection.order_id)
        .where(
            RepairOrder.vehicle_id == vehicle.id,
            InspectionAnswer.replaced_at.is_(None),
        )
        .order_by(InspectionAnswer.answered_at.desc(), InspectionValue.id.desc())
        .limit(_MOST)
    )
    series: dict[tuple[str, Spot], list[tuple[ChecklistItem, Point]]] = {}
    for spot, milli, answer in session.execute(query):
        point = Point(answer.answered_at, milli)
        series.setdefault((answer.item.code, spot), []).append((answer.item, point))
    charts = [
        Chart(found[0][0], spot, [point for _item, point in reversed(found[:_MOST_POINTS])])
        for (_code, spot), found in series.items()
        if len(found) > 1 and found[0][0].limits
    ]
    # As one walks round the car: line by line, place by place.
    places = list(Spot)
    return sorted(charts, key=lambda each: (each.item.position, places.index(each.spot)))
