"""What the timer does for imports."""

from __future__ import annotations

from workshop import clock
from workshop.setup.imports import life


def release_lost() -> None:
    """Put files back whose process died; the timer asks each minute."""
    life.release_lost(clock.now(), clock.speed())


JOBS = ((release_lost, 60),)
