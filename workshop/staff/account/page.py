"""What one's own page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from workshop.staff.models import User
from workshop.staff.sessions import rules
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignIn


@dataclass(frozen=True)
class SessionRow:
    """One place where somebody is signed in."""

    id: int
    device: str
    way: str
    address: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def list_sessions(user: User, this_id: int | None, at: datetime) -> list[SessionRow]:
    """Where the person is signed in, this session first."""
    rows = [_row(each, this_id) for each in sessions.list_live(user, at=at)]
    return sorted(rows, key=lambda row: not row.is_this)


def _row(sign_in: SignIn, this_id: int | None) -> SessionRow:
    return SessionRow(
        id=sign_in.id,
        device=device_words(sign_in.agent),
        way=sign_in.way.label,
        address=sign_in.address,
        started_at=sign_in.started_at,
        seen_at=sign_in.seen_at,
        is_this=sign_in.id == this_id,
    )


def device_words(agent: str) -> str:
    """What a browser says of itself, in the reader's words: "Phone, Android, Chrome"."""
    if not agent:
        return str(gettext("Unknown device"))
    found = rules.describe(agent)
    return " · ".join(each for each in (gettext(found.kind), found.system, found.browser) if each)
