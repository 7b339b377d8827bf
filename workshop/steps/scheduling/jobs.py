"""What the timers run."""

from __future__ import annotations

from workshop.steps.scheduling import supervise

JOBS = ((supervise.close_lost, 30),)
