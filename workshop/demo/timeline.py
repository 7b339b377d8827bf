"""What happens to one car, and the time that passes meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.demo.shop import Shop
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.steps.parts.rules import PickState
from workshop.steps.repair.rules import (
    PauseReason,
)


class Enough(Exception):
    """The visit has come as far as it should."""


@dataclass
class Plan:
    """What happens to one car."""

    vehicle: Vehicle
    arrived_at: datetime
    concern: str
    operations: tuple[str, ...] = ()
    package: str | None = None
    km: int = 0
    until: Stage | None = None
    advisor: str = "advisor"
    stays: bool = True
    booked: bool = False
    declined: tuple[str, ...] = ()
    damage: str | None = None
    pauses: PauseReason | None = None
    fails_check: bool = False
    declines_all: bool = False
    # Work on a young car, which its maker pays.
    is_warranty: bool = False
    # How far the basket of parts is prepared, where not all the way.
    basket: PickState | None = None
    # What the technician finds while working, and asks additional work for.
    finds: str = ""
    score: int = 5
    red: tuple[str, ...] = field(default=())


class Timeline:
    """One car in the shop, and the moment that its visit has come to."""

    def __init__(self, shop: Shop, plan: Plan, now: datetime, *, in_no_time: bool = False) -> None:
        self.shop = shop
        self.plan = plan
        self.now = now
        # The people of the running demo act at the shop's own clock.
        self.in_no_time = in_no_time
        self.at = now if in_no_time else plan.arrived_at
        self.order: RepairOrder | None = None
        self.advisor = shop.people[plan.advisor]

    def _wait(self, minutes: float) -> datetime:
        return self._wait_until(self.at + timedelta(minutes=0 if self.in_no_time else minutes))

    def _wait_until(self, at: datetime) -> datetime:
        # Each step is a request of its own, which would have committed by now.
        session.flush()
        if at > self.now:
            raise Enough
        self.at = max(at, self.at)
        return self.at

    def _reached(self, stage: Stage) -> None:
        if self.plan.until is stage:
            raise Enough
