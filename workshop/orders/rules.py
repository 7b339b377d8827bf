"""Plain decisions about an order, and the one honest time of its car."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.flow import Stage

# A forecast that the watch has not renewed for so long is no forecast.
FORECAST_HOLDS = timedelta(minutes=15)


class Why(LabelledEnum):
    """Why a car is ready at another time than promised, in words that everybody may read.

    What people write as a reason may carry a name or a fault, so it never gets here.
    """

    ADDITION = "addition", N_("additional work agreed")
    QUALITY = "quality", N_("checked once more")
    LONGER = "longer", N_("takes longer")
    EARLIER = "earlier", N_("earlier than promised")
    PART = "part", N_("waiting for a part")
    BEFORE = "before", N_("the car before takes longer")
    UNKNOWN = "unknown", N_("later, new time follows")


@dataclass(frozen=True)
class Expected:
    """The one honest time of a car: what every page, screen and link says.

    `at` is when it will be ready, as far as anybody knows: the promise, or what the watch sees
    beyond it; None without a promise, and when the promise is over and nobody knows. `instead_of`
    is the time that it takes the place of, and `why` says why.
    """

    promised_at: datetime | None = None
    at: datetime | None = None
    instead_of: datetime | None = None
    why: Why | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether the promise is over and nobody knows the new time."""
        return self.why is Why.UNKNOWN

    @property
    def is_later(self) -> bool:
        """Whether the promise as it stands will not be kept, or was not."""
        return self.is_unknown or (self.at is not None and self.at != self.promised_at)


@dataclass(frozen=True)
class Forecast:
    """When the watch sees the car ready, why then, and when it looked."""

    at: datetime
    why: Why | None
    seen_at: datetime


def expect(
    promised_at: datetime | None,
    first_at: datetime | None,
    *,
    is_over: bool,
    forecast: Forecast | None,
    changed: Why | None,
    now: datetime,
) -> Expected:
    """The honest time. `is_over`: the car is ready or gone; `changed`: why the promise moved."""
    moved = first_at if first_at not in (None, promised_at) else None
    kept = Expected(promised_at, promised_at, moved, changed if moved else None)
    if is_over or promised_at is None:
        return kept
    fresh = forecast if forecast and now - forecast.seen_at <= FORECAST_HOLDS else None
    if fresh is not None and fresh.at > promised_at and fresh.at >= now:
        return Expected(promised_at, fresh.at, promised_at, fresh.why or Why.LONGER)
    if promised_at < now:
        return Expected(promised_at, None, promised_at, Why.UNKNOWN)
    return kept


def why_moved(
    first: datetime | None, now: datetime | None, *, has_addition: bool, has_rework: bool
) -> Why | None:
    """Why the promise is another one than the first; None when it is the same."""
    if first is None or now is None or first == now:
        return None
    if now < first:
        return Why.EARLIER
    if has_addition:
        return Why.ADDITION
    return Why.QUALITY if has_rework else Why.LONGER


def is_late(
    stage: Stage, promised_at: datetime | None, ready_at: datetime | None, at: datetime
) -> bool:
    """Whether the promise is over at `at` and the car is not ready; one let go has none to keep."""
    if promised_at is None or ready_at is not None or stage is Stage.DECLINED:
        return False
    return stage.is_here and promised_at < at
