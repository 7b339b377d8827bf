"""The parts of the handover's page: what is done is one line, and the first that is not is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext

from workshop.errors import N_, Missing
from workshop.steps.handover.models import Handover, HandoverCheck
from workshop.web import display
from workshop.web.pages import Fold


def list_parts(
    record: Handover | None,
    notices: Sequence[Any],
    checks: Sequence[HandoverCheck | None],
    missing: Sequence[Missing],
    opened: str | None,
) -> dict[str, Fold]:
    """The parts by their key, in their order.

    `checks` are the ticks of the checklist, None where one is not made; `opened` is the part that
    its reader works at, such as a form that was refused, None for whoever only looks.
    """
    parts = [
        _notice(notices),
        _walk(record),
        _checklist(checks),
        _next(record),
        _collector(record),
        _followup(record),
    ]
    found = {part.key: replace(part, gaps=_gaps(part, missing)) for part in parts}
    if opened is not None:
        first = next((key for key, part in found.items() if not part.is_done), None)
        key = opened if opened in found else first
        if key is not None:
            found[key] = replace(found[key], is_open=True)
    return found


def _gaps(part: Fold, missing: Sequence[Missing]) -> list[Missing]:
    return [each for each in missing if each.code.startswith(_FACTS[part.key])]


def _notice(notices: Sequence[Any]) -> Fold:
    words = N_("Customer told that the car is ready")
    if not notices:
        return Fold("notice", words, "phone")
    last = notices[0]
    said = gettext("Told") if last.reached else gettext("Not reached")
    line = _joined(said, display.show_moment(last.at), last.by.display_name)
    return Fold("notice", words, "phone", line, is_done=last.reached)


def _walk(record: Handover | None) -> Fold:
    at = record.walked_at if record else None
    damage = "" if record is None or not record.new_damage else gettext("New damage")
    return _done("walk", N_("Second walk-round against the first"), "scan-search", at, damage)


def _checklist(checks: Sequence[HandoverCheck | None]) -> Fold:
    ticked = [each for each in checks if each is not None]
    last = max(ticked, key=lambda each: each.checked_at, default=None)
    line = _joined(
        f"{len(ticked)} / {len(checks)}",
        display.show_moment(last.checked_at) if last else "",
        last.by.display_name if last else "",
    )
    title = N_("In front of the customer")
    return Fold("checklist", title, "list-checks", line, is_done=len(ticked) == len(checks))


def _next(record: Handover | None) -> Fold:
    at = record.next_told_at if record else None
    due = display.show_date(record.next_due_on) if record and record.next_due_on else ""
    return _done("next", N_("Next service"), "calendar-clock", at, due)


def _collector(record: Handover | None) -> Fold:
    at = record.collector_at if record else None
    return _done(
        "collector",
        N_("Who collects"),
        "user-check",
        at,
        record.collector_name if record else "",
    )


def _followup(record: Handover | None) -> Fold:
    at = record.followup_asked_at if record else None
    wished = record.followup_wished_at if record else None
    line = display.show_datetime(wished) if wished else ""
    return _done("followup", N_("Follow-up wish"), "headset", at, line)


def _done(key: str, title: str, icon: str, at: datetime | None, words: str) -> Fold:
    line = _joined(words, display.show_moment(at)) if at else ""
    return Fold(key, title, icon, line, is_done=at is not None)


def _joined(*words: str) -> str:
    return " · ".join(each for each in words if each)


# What the gate says of each part, by the beginning of its code.
_FACTS = {
    "notice": ("told",),
    "walk": ("walkround",),
    "checklist": ("item_",),
    "next": ("next_service",),
    "collector": ("collector",),
    "followup": ("followup",),
}
