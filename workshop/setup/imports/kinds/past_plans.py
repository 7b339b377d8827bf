"""The rows that a visit of an old system is made of: itself, its lines, and what it left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workshop import money
from workshop.catalogue.models import GuaranteeClass
from workshop.customers.mileage import MOST_KM
from workshop.orders.job_states import Urgency
from workshop.setup.imports.kind import Put, Ref, Row, Scope

# What was advised longer ago was done since, here or elsewhere; as a line it stays to be read.
ADVICE_COUNTS = timedelta(days=730)
_OVERHAUL = ("大修", "总成", "overhaul")
_LEVEL_2 = ("二级", "二保", "level-2", "level 2")

Of = Ref | tuple[str, int]


@dataclass(frozen=True)
class Visit:
    """A visit as its first line gives it: which car, when, and what stands for its row."""

    id: int | Ref
    vehicle_id: int
    arrived_at: datetime
    left_at: datetime | None
    mileage_km: int | None
    kind: str
    line: int = 0

    @property
    def of(self) -> Of:
        """What its lines are part of."""
        return self.id if isinstance(self.id, Ref) else ("past_visit", self.id)


def in_utc(local: datetime | None, scope: Scope) -> datetime | None:
    """A time of the shop's own clock as it is kept."""
    if local is None:
        return None
    return local.replace(tzinfo=ZoneInfo(scope.zone)).astimezone(ZoneInfo("UTC"))


def put_visit(no: str, visit: Visit, scope: Scope) -> Put:
    """The visit itself; each of its lines asks for it, and the first makes it."""
    assert isinstance(visit.id, Ref)
    values = {
        "branch_id": scope.branch_id,
        "vehicle_id": visit.vehicle_id,
        "no": no,
        "arrived_at": visit.arrived_at,
        "left_at": visit.left_at,
        "mileage_km": visit.mileage_km,
        "kind": visit.kind,
    }
    return Put("past_visit", values, ref=visit.id.name)


def put_line(row: Row, visit: Visit) -> Put:
    """One line, as the old system wrote it."""
    return Put("past_line", {"visit_id": visit.id, **line_values(row)}, part_of=visit.of)


def line_values(row: Row) -> dict[str, Any]:
    """What a line says; its amount is quantity times price where it says none."""
    quantity, unit = row.get("quantity_milli"), row.get("unit_fen")
    total = row.get("total_fen")
    if total is None and quantity is not None and unit is not None:
        total = money.parts_fen(unit, quantity)
    return {
        "code": row.get("code", ""),
        "title": row.get("title", ""),
        "quantity_milli": quantity,
        "unit_fen": unit,
        "total_fen": total,
        "payer": row.get("payer", ""),
        "technician": row.get("technician", ""),
        "advice": row.get("advice", ""),
    }


def put_advice(row: Row, visit: Visit, scope: Scope) -> Iterator[Put]:
    """What was advised and still counts, as deferred work; said on several lines it is one."""
    advice, day = row.get("advice", ""), _day(visit.arrived_at, scope)
    if not advice or scope.day - day > ADVICE_COUNTS:
        return
    values = {
        "vehicle_id": visit.vehicle_id,
        "order_id": None,
        "past_visit_id": visit.id,
        "operation_id": None,
        "title": advice,
        "urgency": Urgency.YELLOW,
        "price_fen": None,
        "noted_at": visit.arrived_at,
        "sold_order_id": None,
        "told_at": None,
    }
    yield Put("deferred_work", values, ref=f"advice:{_key(visit)}:{advice}", part_of=visit.of)


def put_guarantee(row: Row, visit: Visit, scope: Scope) -> Iterator[Put]:
    """The guarantee of a line while it still runs: what the row says, else the legal one (R1–R5).

    Without a mileage only the days end it.
    """
    title = row.get("title", "")
    starts = _day(visit.left_at or visit.arrived_at, scope)
    of_class = guarantee_class(visit.kind, title)
    end = of_class.end_after(starts, visit.mileage_km or 0)
    ends_on: date = row.get("guaranteed_until") or end.on
    if not title or ends_on < scope.day or ends_on < starts:
        return
    is_legal = visit.mileage_km is not None and "guaranteed_until" not in row.values
    values = {
        "vehicle_id": visit.vehicle_id,
        "order_id": None,
        "past_visit_id": visit.id,
        "title": title,
        "guarantee_class": of_class,
        "starts_on": starts,
        "start_km": visit.mileage_km or 0,
        "ends_on": ends_on,
        "end_km": end.km if is_legal else MOST_KM,
    }
    yield Put("guarantee", values, ref=f"guarantee:{_key(visit)}:{title}", part_of=visit.of)


def guarantee_class(kind: str, title: str) -> GuaranteeClass:
    """Which guarantee the law gives for such work, by what it was called."""
    said = f"{kind} {title}".casefold()
    if any(word in said for word in _OVERHAUL):
        return GuaranteeClass.OVERHAUL
    is_level_2 = any(word in said for word in _LEVEL_2)
    return GuaranteeClass.LEVEL_2_MAINTENANCE if is_level_2 else GuaranteeClass.MINOR


def _key(visit: Visit) -> str:
    return visit.id.name if isinstance(visit.id, Ref) else str(visit.id)


def _day(at: datetime, scope: Scope) -> date:
    return at.astimezone(ZoneInfo(scope.zone)).date()
