"""Lengths of time in words."""

from __future__ import annotations

from flask_babel import gettext

DASH = "—"


def show_minutes(minutes: int | None) -> str:
    """A length of time in words: 45 min, 1 h 30 min."""
    if minutes is None:
        return DASH
    hours, rest = divmod(abs(minutes), 60)
    if not hours:
        text = gettext("%(minutes)s min", minutes=rest)
    elif not rest:
        text = gettext("%(hours)s h", hours=hours)
    else:
        text = gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
    return f"−{text}" if minutes < 0 else str(text)
