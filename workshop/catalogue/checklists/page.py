"""What the pages of lists show: all lists by use, one list with its versions, its draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext

from workshop.catalogue.checklists import comparing, queries, starter
from workshop.catalogue.checklists.forms import CopyForm, ListForm, PublishForm
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import Use, VersionState
from workshop.catalogue.checklists.wording import show_milli


@dataclass(frozen=True)
class Row:
    """One list among all."""

    checklist: Checklist
    current: ChecklistVersion | None
    draft: ChecklistVersion | None
    lines: int

    @property
    def is_untouched(self) -> bool:
        """Whether nobody of the shop has worded it yet."""
        return self.current is not None and self.current.made_by_id is None


@dataclass(frozen=True)
class Line:
    """One line of a version as a page shows it, in both languages, with its limits in words."""

    item: ChecklistItem
    limits: str


def index(search: str) -> dict[str, Any]:
    """All lists by use, or those whose names or lines hold the words that are looked for."""
    counts, standing = queries.count_items(), queries.list_standing()
    rows = [_row(each, counts, standing) for each in queries.list_lists()]
    wanted = search.strip().lower()
    if wanted:
        rows = [each for each in rows if _holds(each, wanted)]
    groups = [(use, [each for each in rows if each.checklist.use is use]) for use in Use]
    return {
        "groups": [(use, found) for use, found in groups if found],
        "search": search,
        "to_lay": starter.count_to_lay(),
        "to_take_back": starter.count_to_take_back(),
    }


def _row(
    checklist: Checklist,
    counts: dict[int, int],
    standing: dict[tuple[int, VersionState], ChecklistVersion],
) -> Row:
    current = standing.get((checklist.id, VersionState.CURRENT))
    draft = standing.get((checklist.id, VersionState.DRAFT))
    return Row(checklist, current, draft, counts.get(current.id, 0) if current else 0)


def _holds(row: Row, wanted: str) -> bool:
    words = [row.checklist.name_zh, row.checklist.name_en]
    for each in row.current.items if row.current else ():
        words += [each.title_zh, each.title_en, each.standard_zh, each.standard_en]
    return any(wanted in each.lower() for each in words)


def show(checklist: Checklist, **refused: Any) -> dict[str, Any]:
    """One list: what is asked now, its draft, its earlier versions."""
    current = queries.find_current(checklist)
    return {
        "checklist": checklist,
        "current": current,
        "draft": queries.find_draft(checklist),
        "versions": queries.list_versions(checklist),
        "counts": queries.count_items(),
        "groups": grouped(current.items if current else ()),
        "is_template": checklist.use is Use.INSPECTION,
        "list_form": ListForm.of(checklist),
        "copy_form": CopyForm.blank(),
        **refused,
    }


def version(shown: ChecklistVersion) -> dict[str, Any]:
    """One version, as it was asked."""
    return {
        "checklist": shown.checklist,
        "version": shown,
        "has_draft": queries.find_draft(shown.checklist) is not None,
        "groups": grouped(shown.items),
    }


def draft(checklist: Checklist, form: PublishForm | None = None) -> dict[str, Any]:
    """The draft: its lines, what differs from the version in use, and the way into use."""
    shown, current = queries.get_draft(checklist), queries.find_current(checklist)
    if form is None:
        form = PublishForm(formdata=None)
    # Whoever reads the page has seen the draft as it is now.
    form.seen.data = comparing.mark_of(shown)
    return {
        "checklist": checklist,
        "draft": shown,
        "current": current,
        "lines": [Line(each, limits_in_words(each)) for each in shown.items],
        "differences": comparing.differences(current, shown) if current else [],
        "publish_form": form,
    }


def grouped(items: Sequence[ChecklistItem]) -> list[tuple[str, list[Line]]]:
    """The lines under their headings, in their order."""
    locale = str(get_locale())
    groups: list[tuple[str, list[Line]]] = []
    for each in items:
        heading = each.group_in(locale)
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        groups[-1][1].append(Line(each, limits_in_words(each)))
    return groups


def limits_in_words(item: ChecklistItem) -> str:
    """The limits of a measured line, e.g. “green from 3.5 mm · red below 1.6 mm”."""
    said = (
        (item.green_low_milli, gettext("green from %(value)s", value="%(value)s")),
        (item.green_high_milli, gettext("green up to %(value)s", value="%(value)s")),
        (item.red_low_milli, gettext("red below %(value)s", value="%(value)s")),
        (item.red_high_milli, gettext("red above %(value)s", value="%(value)s")),
    )
    parts = [
        words % {"value": f"{show_milli(milli)} {item.unit}".strip()}
        for milli, words in said
        if milli is not None
    ]
    return " · ".join(parts)
