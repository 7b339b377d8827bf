"""What the timer does for imports."""

from __future__ import annotations

from workshop import clock
from workshop.setup.imports import clearing, life


def release_lost() -> None:
    """Put files back whose process died; the timer asks each minute."""
    life.release_lost(clock.now(), clock.speed())


def clear_old() -> None:
    """Let go of the rows of files that were brought long ago."""
    clearing.clear_old(clock.now())


JOBS = ((release_lost, 60), (clear_old, 3600))
