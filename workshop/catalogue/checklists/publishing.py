"""Bringing a list into use: a draft is published, an earlier version again, a list retired."""

from __future__ import annotations

from datetime import datetime

from workshop.catalogue.checklists import comparing, editing, queries
from workshop.catalogue.checklists.models import Checklist, ChecklistVersion
from workshop.catalogue.checklists.rules import Use, VersionState
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken
from workshop.staff import audit
from workshop.staff.models import User


def publish(
    checklist: Checklist, note: str = "", *, seen: str | None = None, by: User, at: datetime
) -> ChecklistVersion:
    """Ask the draft from now on; the version in use becomes an earlier one, and both stay.

    `seen` is the mark of the draft that the manager looked at. Raises Conflict when it is another
    one now, RuleBroken when nothing differs or a line that must stay is not there.
    """
    editing.lock(checklist, by)
    draft, current = queries.get_draft(checklist), queries.find_current(checklist)
    if seen is not None and seen != comparing.mark_of(draft):
        raise Conflict(
            N_("Somebody else changed the draft meanwhile. Look at the differences again.")
        )
    _require_sound(draft, current)
    return _bring_into_use(draft, current, note, by, at)


def publish_again(version: ChecklistVersion, *, by: User, at: datetime) -> ChecklistVersion:
    """Ask the words of an earlier version again, as a new version.

    Raises RuleBroken for the version in use, Conflict while there is a draft.
    """
    checklist = version.checklist
    editing.lock(checklist, by)
    if not version.state.is_past:
        raise RuleBroken(N_("Only an earlier version can be published again."), code="state")
    draft = editing.begin_draft(checklist, of=version, by=by, at=at)
    note = f"= {version.no}"
    current = queries.find_current(checklist)
    _require_kept(draft, current)
    return _bring_into_use(draft, current, note, by, at)


def use_list(checklist: Checklist, active: bool, *, by: User, at: datetime) -> None:
    """Put a list out of use, or into use again; raises RuleBroken for one the program asks."""
    editing.lock(checklist, by)
    if checklist.is_needed and not active:
        raise RuleBroken(N_("The program asks this list; its lines can be changed."), code="needed")
    if checklist.active == active:
        return
    audit.write(by, "catalogue.use_list", checklist, at, was=checklist.active, now=active)
    checklist.active = active


def change_list(
    checklist: Checklist,
    name_zh: str,
    name_en: str,
    codes: str,
    *,
    green_groups: bool = False,
    by: User,
    at: datetime,
) -> None:
    """Name a list otherwise, say of which jobs it is, and whether groups may be green at once.

    Raises Invalid without both names.
    """
    editing.lock(checklist, by)
    was = (checklist.name_zh, checklist.name_en, checklist.codes, checklist.green_groups)
    green = green_groups and checklist.use is Use.INSPECTION
    now = (*_names(name_zh, name_en), codes.strip(), green)
    if was == now:
        return
    checklist.name_zh, checklist.name_en, checklist.codes, checklist.green_groups = now
    audit.write(by, "catalogue.change_list", checklist, at, was=list(was), now=list(now))


def copy_list(
    checklist: Checklist, name_zh: str, name_en: str, *, by: User, at: datetime
) -> Checklist:
    """Another inspection template that begins with the lines of this one, in use at once.

    Raises RuleBroken for another kind of list, Invalid without both names.
    """
    editing.lock(checklist, by)
    if checklist.use is not Use.INSPECTION:
        raise RuleBroken(N_("Only inspection templates are copied."), code="use")
    zh, en = _names(name_zh, name_en)
    known = queries.list_lists(Use.INSPECTION)
    copy = Checklist(
        use=checklist.use,
        topic=f"own_{len(known) + 1}",
        position=max(each.position for each in known) + 1,
        name_zh=zh,
        name_en=en,
        green_groups=checklist.green_groups,
    )
    version = ChecklistVersion(checklist=copy, no=1, made_at=at, made_by_id=by.id)
    session.add_all([copy, version])
    source = queries.find_current(checklist)
    editing.copy_items(source.items if source else (), version)
    session.flush()
    version.state, version.published_at, version.published_by_id = VersionState.CURRENT, at, by.id
    session.flush()
    audit.write(by, "catalogue.copy_list", copy, at, of=checklist.name_en)
    return copy


def _names(name_zh: str, name_en: str) -> tuple[str, str]:
    for name, field in ((name_zh, "name_zh"), (name_en, "name_en")):
        if not name.strip():
            raise Invalid(N_("Enter the name in both languages."), field=field)
    return name_zh.strip(), name_en.strip()


def _require_sound(draft: ChecklistVersion, current: ChecklistVersion | None) -> None:
    if draft.checklist.is_needed and not draft.items:
        raise RuleBroken(N_("A list that the program asks needs at least one line."), code="empty")
    _require_kept(draft, current)
    if current is not None and not comparing.differences(current, draft):
        raise RuleBroken(N_("The draft says the same as the version in use."), code="same")


def _require_kept(draft: ChecklistVersion, current: ChecklistVersion | None) -> None:
    codes = {each.code for each in draft.items}
    lost = [each for each in current.items if not each.bond.is_free] if current else []
    for each in lost:
        if each.code not in codes:
            raise RuleBroken(N_("“%(line)s” cannot be taken out."), code="bond", line=each)


def _bring_into_use(
    draft: ChecklistVersion,
    current: ChecklistVersion | None,
    note: str,
    by: User,
    at: datetime,
) -> ChecklistVersion:
    if current is not None:
        current.state, current.replaced_at = VersionState.PAST, at
        # Before the draft, or two would be in use for a moment.
        session.flush()
    draft.note = note.strip()[:200]
    draft.state, draft.published_at, draft.published_by_id = VersionState.CURRENT, at, by.id
    session.flush()
    said = comparing.trail_of(current, draft)
    audit.write(
        by, "catalogue.publish", draft, at, was=current.no if current else None, no=draft.no, **said
    )
    return draft
