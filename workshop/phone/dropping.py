"""A refused act that is dropped: it is not done, and the shop hears of it and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workshop.errors import N_, Invalid
from workshop.staff import audit
from workshop.staff.models import User

REASONS = (
    N_("Pressed by mistake"),
    N_("Done in another way"),
    N_("Not true any more"),
)
_LENGTH = 200


def note(
    action: str,
    about: Any,
    what: str,
    refused: str,
    reason: str,
    *,
    tapped_at: datetime | None,
    by: User,
    at: datetime,
) -> None:
    """Keep in the trail what was tapped, what was said to it, and why it is dropped.

    `about` is the record that the act was about; None when it is known no more. Raises Invalid
    without a reason.
    """
    if not reason.strip():
        raise Invalid(N_("Say why it is dropped."), field="reason")
    said = {"what": what, "refused": refused, "reason": reason.strip()}
    told = {name: text[:_LENGTH] for name, text in said.items()}
    tapped = {"tapped_at": tapped_at.isoformat()} if tapped_at is not None else {}
    audit.write(by, action, about if about is not None else by, at, **told, **tapped)
