"""The only clock. The demo runs it fast or stops it; tests freeze it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class _Clock:
    def __init__(self) -> None:
        self.origin: datetime | None = None
        self.started = 0.0
        self.speed = 1.0

    def now(self) -> datetime:
        if self.origin is None:
            return datetime.now(UTC)
        elapsed = (time.monotonic() - self.started) * self.speed
        return self.origin + timedelta(seconds=elapsed)


_clock = _Clock()


def now() -> datetime:
    """The present time, aware, in UTC."""
    return _clock.now()


def of_computer() -> datetime:
    """The real time, whatever the shop's clock does: only for what watches the program itself."""
    return datetime.now(UTC)


def speed() -> float:
    """Shop seconds that pass in one real second; 0 when the clock stands."""
    return _clock.speed


def run_from(origin: datetime, at_speed: float) -> None:
    """Start the shop clock at `origin` (aware) and let it run `at_speed` times as fast."""
    _clock.origin = origin.astimezone(UTC)
    _clock.started = time.monotonic()
    _clock.speed = at_speed


def freeze(at: datetime) -> None:
    """Stop the clock at `at` (aware)."""
    run_from(at, 0.0)


def reset() -> None:
    """Go back to the real time."""
    _clock.origin = None
    _clock.speed = 1.0
