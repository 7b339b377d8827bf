"""Writing the draft of a list: lines are added, worded, moved, copied and taken out.

The draft is one for all managers. Who saves a line that somebody else changed sees both versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select

from workshop import db
from workshop.catalogue.checklists import queries, wording
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.wording import Wording
from workshop.db import session
from workshop.errors import N_, Conflict, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions

# What a copy of a line takes along, beside its wording.
_KEPT = ("code", "law_low_milli", "law_high_milli", "bond")


def begin_draft(
    checklist: Checklist, *, of: ChecklistVersion | None = None, by: User, at: datetime
) -> ChecklistVersion:
    """A draft to write on, a copy of the version in use or of an earlier one (`of`).

    The draft that is there already is given back; it is Conflict when another one was asked for.
    """
    lock(checklist, by)
    found = queries.find_draft(checklist)
    if found is not None:
        if of is not None:
            raise Conflict(
                N_("This list has a draft already. Publish it or throw it away first."),
                way=Way("catalogue.draft", N_("Open the draft"), {"list_id": checklist.id}),
            )
        return found
    source = of or queries.find_current(checklist)
    draft = ChecklistVersion(
        checklist=checklist, no=_next_no(checklist), made_at=at, made_by_id=by.id
    )
    session.add(draft)
    copy_items(source.items if source else (), draft)
    session.flush()
    audit.write(by, "catalogue.begin_draft", draft, at, of=source.no if source else None)
    return draft


def discard_draft(checklist: Checklist, *, by: User, at: datetime) -> None:
    """Throw the draft away; what is in use stays as it is."""
    lock(checklist, by)
    draft = queries.get_draft(checklist)
    audit.write(by, "catalogue.discard_draft", checklist, at, no=draft.no, lines=len(draft.items))
    session.delete(draft)
    session.flush()


def add_item(checklist: Checklist, words: Wording, *, by: User, at: datetime) -> ChecklistItem:
    """A new line at the end of the draft; raises Invalid when it is not sound."""
    lock(checklist, by)
    draft, words = queries.get_draft(checklist), wording.cleaned(words)
    wording.require_sound(words, is_words=checklist.use.is_words)
    item = ChecklistItem(code=_own_code(checklist), position=_last(draft) + 1, **asdict(words))
    draft.items.append(item)
    session.flush()
    audit.write(by, "catalogue.add_item", item, at, title=words.title_en)
    return item


def change_item(
    item: ChecklistItem, words: Wording, *, seen: str | None, by: User, at: datetime
) -> None:
    """Word a line of the draft otherwise.

    Raises Conflict with both versions for a stale page, Invalid when it is not sound or when the
    law would be loosened.
    """
    _require_draft(item, by)
    was, words = wording.of_item(item), wording.cleaned(words)
    versions.refuse_stale(seen, wording.state_of(was), wording.state_of(words))
    wording.require_sound(words, is_words=item.version.checklist.use.is_words)
    wording.require_bond(item, words)
    if was == words:
        return
    for name, value in asdict(words).items():
        setattr(item, name, value)
    audit.write(by, "catalogue.change_item", item, at, changed=wording.trail_of(was, words))


def move_item(item: ChecklistItem, *, up: bool, by: User, at: datetime) -> None:
    """One place up or down; at the end of the list nothing happens."""
    _require_draft(item, by)
    items = list(item.version.items)
    before = items.index(item)
    after = min(max(before + (-1 if up else 1), 0), len(items) - 1)
    if after == before:
        return
    items.insert(after, items.pop(before))
    for position, each in enumerate(items, start=1):
        each.position = position
    session.flush()
    session.expire(item.version, ["items"])
    audit.write(by, "catalogue.move_item", item, at, place=[before + 1, after + 1])


def copy_item(item: ChecklistItem, *, by: User, at: datetime) -> ChecklistItem:
    """The same words once more, as a line of the shop's own right below."""
    _require_draft(item, by)
    version = item.version
    for each in version.items:
        if each.position > item.position:
            each.position += 1
    words = asdict(wording.of_item(item))
    copy = ChecklistItem(
        code=_own_code(version.checklist), position=item.position + 1, version=version, **words
    )
    session.add(copy)
    session.flush()
    session.expire(version, ["items"])
    audit.write(by, "catalogue.copy_item", copy, at, of=item.code)
    return copy


def remove_item(item: ChecklistItem, *, by: User, at: datetime) -> None:
    """Take a line out of the draft; versions that were asked keep it.

    Raises RuleBroken for a line that the program or the law holds.
    """
    _require_draft(item, by)
    if not item.bond.is_free:
        raise RuleBroken(item.bond.reason, code=item.bond.value)
    audit.write(by, "catalogue.remove_item", item, at, code=item.code, title=item.title_en)
    item.version.items.remove(item)
    session.flush()


def lock(checklist: Checklist, by: User) -> None:
    """Let one manager at a time write on a list, and read what the one before wrote."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    db.lock("checklist", checklist.id)
    db.reread(checklist)


def copy_items(items: Iterable[ChecklistItem], draft: ChecklistVersion) -> None:
    """The same lines in another version."""
    for position, each in enumerate(items, start=1):
        kept = {name: getattr(each, name) for name in _KEPT}
        words = asdict(wording.of_item(each))
        draft.items.append(ChecklistItem(position=position, **kept, **words))


def _require_draft(item: ChecklistItem, by: User) -> None:
    lock(item.version.checklist, by)
    db.reread(item.version)
    db.reread(item)
    if not item.version.state.is_draft:
        raise Conflict(N_("The draft was published meanwhile. Begin a new one to change a line."))


def _next_no(checklist: Checklist) -> int:
    query = select(func.max(ChecklistVersion.no)).where(
        ChecklistVersion.checklist_id == checklist.id
    )
    return (session.scalar(query) or 0) + 1


def _last(draft: ChecklistVersion) -> int:
    return max((each.position for each in draft.items), default=0)


def _own_code(checklist: Checklist) -> str:
    """A code that no line of any version of the list has had."""
    query = (
        select(ChecklistItem.code)
        .join(ChecklistVersion, ChecklistVersion.id == ChecklistItem.version_id)
        .where(ChecklistVersion.checklist_id == checklist.id)
    )
    found = (re.fullmatch(r"own_(\d+)", code) for code in session.scalars(query))
    return f"own_{max((int(each[1]) for each in found if each), default=0) + 1}"
