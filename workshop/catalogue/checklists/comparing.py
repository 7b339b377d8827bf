"""What differs between two versions of a list: added, taken out, worded otherwise, moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.catalogue.checklists import wording
from workshop.catalogue.checklists.models import ChecklistItem, ChecklistVersion
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.web import versions


class Change(LabelledEnum):
    """What became of a line."""

    ADDED = "added", N_("New")
    REMOVED = "removed", N_("Taken out")
    CHANGED = "changed", N_("Changed")
    MOVED = "moved", N_("Moved")

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {Change.ADDED: "good", Change.REMOVED: "bad"}.get(self, "info")


@dataclass(frozen=True)
class Difference:
    """One line that differs, with what was and what is, by label."""

    change: Change
    item: ChecklistItem
    rows: tuple[tuple[str, Any, Any], ...] = ()


def differences(was: ChecklistVersion, now: ChecklistVersion) -> list[Difference]:
    """What differs, in the order of the newer version; what was taken out comes last."""
    before = {each.code: each for each in was.items}
    after = {each.code: each for each in now.items}
    order = [code for code in before if code in after]
    places = {code: place for place, code in enumerate(code for code in after if code in before)}
    found = []
    for code, item in after.items():
        old = before.get(code)
        if old is None:
            found.append(Difference(Change.ADDED, item))
        elif rows := _rows(old, item):
            found.append(Difference(Change.CHANGED, item, rows))
        elif order.index(code) != places[code]:
            found.append(Difference(Change.MOVED, item))
    gone = [Difference(Change.REMOVED, old) for code, old in before.items() if code not in after]
    return found + gone


def _rows(old: ChecklistItem, item: ChecklistItem) -> tuple[tuple[str, Any, Any], ...]:
    was = wording.state_of(wording.of_item(old))
    now = wording.state_of(wording.of_item(item))
    return tuple((label, was[label], now[label]) for label in now if was[label] != now[label])


def mark_of(version: ChecklistVersion) -> str:
    """A short mark of all lines of a version: another one when any of them has changed."""
    lines = {
        f"{place} {each.code}": str(wording.state_of(wording.of_item(each)))
        for place, each in enumerate(version.items)
    }
    return versions.mark(lines)


def trail_of(was: ChecklistVersion | None, now: ChecklistVersion) -> dict[str, Any]:
    """What the audit trail says of a publication: which lines came, went and changed."""
    if was is None:
        return {"added": [each.code for each in now.items]}
    found = differences(was, now)
    return {
        change.value: [each.item.code for each in found if each.change is change]
        for change in Change
        if any(each.change is change for each in found)
    }
