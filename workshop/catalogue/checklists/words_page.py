"""What to say on a page: the words of a step, filled with the facts of this minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import get_locale

from workshop import clock
from workshop.catalogue.blueprint import bp
from workshop.catalogue.checklists import placeholders, queries
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Use
from workshop.staff.access import me
from workshop.web import display


@dataclass(frozen=True)
class Said:
    """When something is said, and the words; of words to avoid, what to say instead."""

    when: str
    words: str


@dataclass(frozen=True)
class ToSay:
    """All that a page suggests to say."""

    lines: list[Said]
    avoid: list[Said]
    closings: list[str]


@bp.app_template_global("to_say")
def to_say(
    step: str,
    *,
    name: str | None = None,
    plate: str | None = None,
    promised_at: datetime | None = None,
    advisor: str | None = None,
) -> ToSay | None:
    """The words of a step; None when the shop has none.

    A line is shown only while all its facts are known: a promised time that is over is none.
    """
    is_ahead = promised_at is not None and promised_at > clock.now()
    facts = {
        "shop": g.branch.name if g.get("branch") else None,
        "me": me().display_name,
        "name": name,
        "plate": plate,
        "promised": display.show_moment(promised_at) if is_ahead else None,
        "advisor": advisor,
    }
    lines = _filled(queries.list_items(Use.SCRIPT, step), facts)
    if not lines:
        return None
    avoid = _filled(queries.list_items(Use.FORBIDDEN), facts)
    closings = [display.show_name(each) for each in queries.list_items(Use.CLOSING)]
    return ToSay(lines, avoid, closings)


def _filled(items: list[ChecklistItem], facts: dict[str, str | None]) -> list[Said]:
    locale = str(get_locale())
    found = ((each, placeholders.fill(each.standard_in(locale) or "", facts)) for each in items)
    return [Said(each.title_in(locale), words) for each, words in found if words]
