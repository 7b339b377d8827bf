"""Reading lists: the version in use, the one that a page showed, all that there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from workshop.catalogue.checklists import rules
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import GENERAL, Use, VersionState
from workshop.db import session
from workshop.errors import N_, Conflict, NotFound

# A page that was open, or a phone without a line, may answer the version before for so long.
STILL_ANSWERED = timedelta(hours=24)


def list_items(use: Use, topic: str = GENERAL) -> list[ChecklistItem]:
    """The lines of the version in use, in their order; none while there is no such list."""
    query = (
        select(ChecklistItem)
        .join(ChecklistVersion, ChecklistVersion.id == ChecklistItem.version_id)
        .join(Checklist, Checklist.id == ChecklistVersion.checklist_id)
        .where(
            Checklist.use == use,
            Checklist.topic == topic,
            Checklist.active.is_(True),
            ChecklistVersion.state == VersionState.CURRENT,
        )
    )
    return list(session.scalars(query.order_by(ChecklistItem.position, ChecklistItem.id)))


def find_item(use: Use, code: str, topic: str = GENERAL) -> ChecklistItem | None:
    """The line of this code in the version in use."""
    return next((each for each in list_items(use, topic) if each.code == code), None)


def list_versions_of_job(use: Use, names: Sequence[str]) -> list[ChecklistVersion]:
    """The general list of a level, and after it the lists of the kinds of these jobs.

    `names` are operation codes and skill codes. Raises NotFound when the general list is gone.
    """
    query = (
        select(ChecklistVersion)
        .join(Checklist, Checklist.id == ChecklistVersion.checklist_id)
        .where(
            Checklist.use == use,
            Checklist.active.is_(True),
            ChecklistVersion.state == VersionState.CURRENT,
        )
        .order_by(Checklist.position, Checklist.topic)
    )
    found = list(session.scalars(query))
    general = [each for each in found if each.checklist.topic == GENERAL]
    if not general:
        raise NotFound(N_("There is no list for this check."))
    special = [each for each in found if each.checklist.topic != GENERAL]
    return general + [each for each in special if rules.covers(each.checklist.codes, names)]


def list_seen(
    wanted: Sequence[ChecklistVersion], seen: Sequence[int], at: datetime
) -> list[ChecklistVersion]:
    """The versions that a page showed in place of those in use now.

    Who began to answer may finish, for a day. Raises Conflict for other lists or older versions.
    """
    shown = [session.get(ChecklistVersion, each) for each in seen]
    known = [each for each in shown if each is not None and _is_answered(each, at)]
    if [each.checklist_id for each in known] != [each.checklist_id for each in wanted]:
        raise Conflict(
            N_("The list has changed meanwhile. Look at its lines and send it again."),
            version="-".join(str(each.id) for each in wanted),
        )
    return known


def _is_answered(version: ChecklistVersion, at: datetime) -> bool:
    if version.state is VersionState.CURRENT:
        return True
    return version.replaced_at is not None and at - version.replaced_at <= STILL_ANSWERED


def get_list(checklist_id: int) -> Checklist:
    """The list; raises NotFound."""
    found = session.get(Checklist, checklist_id)
    if found is None:
        raise NotFound(N_("There is no such list."))
    return found


def find_list(use: Use, topic: str) -> Checklist | None:
    """The list of this use and topic."""
    query = select(Checklist).where(Checklist.use == use, Checklist.topic == topic)
    return session.scalars(query).one_or_none()


def list_lists(use: Use | None = None) -> list[Checklist]:
    """All lists, of one use or of every one, in their order; those out of use too."""
    query = select(Checklist).order_by(Checklist.position, Checklist.topic)
    if use is not None:
        query = query.where(Checklist.use == use)
    return list(session.scalars(query))


def find_version(checklist: Checklist, state: VersionState) -> ChecklistVersion | None:
    """The draft or the version in use of a list."""
    query = select(ChecklistVersion).where(
        ChecklistVersion.checklist_id == checklist.id, ChecklistVersion.state == state
    )
    return session.scalars(query).one_or_none()


def find_draft(checklist: Checklist) -> ChecklistVersion | None:
    """The draft of a list."""
    return find_version(checklist, VersionState.DRAFT)


def find_current(checklist: Checklist) -> ChecklistVersion | None:
    """The version of a list that is in use."""
    return find_version(checklist, VersionState.CURRENT)


def list_standing() -> dict[tuple[int, VersionState], ChecklistVersion]:
    """The drafts and the versions in use of all lists, by list and state."""
    query = select(ChecklistVersion).where(ChecklistVersion.state != VersionState.PAST)
    return {(each.checklist_id, each.state): each for each in session.scalars(query)}


def get_draft(checklist: Checklist) -> ChecklistVersion:
    """The draft of a list; raises NotFound."""
    found = find_draft(checklist)
    if found is None:
        raise NotFound(N_("This list has no draft."))
    return found


def get_version(checklist: Checklist, no: int) -> ChecklistVersion:
    """A version of a list by its number; raises NotFound."""
    query = select(ChecklistVersion).where(
        ChecklistVersion.checklist_id == checklist.id, ChecklistVersion.no == no
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such version."))
    return found


def list_versions(checklist: Checklist) -> list[ChecklistVersion]:
    """All versions of a list, the newest first."""
    query = select(ChecklistVersion).where(ChecklistVersion.checklist_id == checklist.id)
    return list(session.scalars(query.order_by(ChecklistVersion.no.desc())))


def get_item(version: ChecklistVersion, item_id: int) -> ChecklistItem:
    """A line of a version; raises NotFound."""
    found = next((each for each in version.items if each.id == item_id), None)
    if found is None:
        raise NotFound(N_("There is no such line on the list."))
    return found


def list_touched() -> set[int]:
    """The lists that somebody has begun to word otherwise: they have more than one version."""
    query = select(ChecklistVersion.checklist_id).where(ChecklistVersion.no > 1)
    return set(session.scalars(query))


def count_items() -> dict[int, int]:
    """How many lines each version has, by the version's id."""
    query = select(ChecklistItem.version_id, func.count()).group_by(ChecklistItem.version_id)
    return {row[0]: row[1] for row in session.execute(query)}
