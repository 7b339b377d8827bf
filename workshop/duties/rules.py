"""When an offered hand-over has waited too long."""

from __future__ import annotations

from datetime import datetime, timedelta

# N11: whoever is asked for something answers within the hour.
ANSWER_WITHIN = timedelta(minutes=60)


def is_overdue(made_at: datetime, at: datetime) -> bool:
    """Whether the answer has not come within the hour, so that it goes to the manager."""
    return at >= made_at + ANSWER_WITHIN
