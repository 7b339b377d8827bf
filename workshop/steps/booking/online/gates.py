"""What a customer's own request still needs."""

from __future__ import annotations

from workshop.errors import N_, RuleBroken
from workshop.shop.models import Branch
from workshop.steps.booking.online import queries
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import ALLOWED, OnlineState


def require_open(branch: Branch) -> None:
    """Raise RuleBroken while the branch takes no bookings from its page."""
    if not queries.rules_of(branch).is_open:
        raise RuleBroken(
            N_("Online booking is closed at the moment. Please call us."), code="closed"
        )


def require_allowed(booking: OnlineBooking, state: OnlineState) -> None:
    """Raise RuleBroken unless the request may go to this state now."""
    if state not in ALLOWED[booking.state]:
        raise RuleBroken(
            N_("A request that is “%(current)s” cannot become “%(wanted)s”."),
            code="state",
            current=booking.state,
            wanted=state,
        )
