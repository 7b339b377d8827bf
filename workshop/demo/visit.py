"""One visit of one car, told through the same services that people use.

Each step takes its time. The visit ends where the plan says, or when the shop clock is reached.
"""

from __future__ import annotations

from workshop.db import session
from workshop.demo.completion import Completion
from workshop.demo.intake import Intake
from workshop.demo.repairing import Repairing
from workshop.demo.timeline import Enough
from workshop.orders.models import RepairOrder


class Visit(Intake, Repairing, Completion):
    """Walks one car through the shop, as far as time and plan allow."""

    def walk(self) -> RepairOrder | None:
        """Walk until enough; returns the order, if the car has come so far."""
        try:
            order = self.receive()
            self.inspect(order)
            self.quote(order)
            self.care(order)
            self.schedule(order)
            self.pick(order)
            self.repair(order)
            self.check(order)
            self.settle(order)
            self.hand_over(order)
            self.follow_up(order)
        except Enough:
            pass
        session.flush()
        return self.order
