"""What the sign-in does by itself: old sessions and their addresses are forgotten."""

from __future__ import annotations

from workshop import clock
from workshop.staff.sessions import service as sessions


def forget_old_sessions() -> None:
    """Forget where people were signed in months ago."""
    sessions.forget_old(at=clock.now())


JOBS = ((forget_old_sessions, 3600),)
