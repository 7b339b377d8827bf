"""The label sizes of a branch: which roll is in the printer for what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.db import lock, session
from workshop.desk.labels import rules
from workshop.desk.labels.rules import LabelKind, LabelSize, Sizes
from workshop.shop.models import Branch, Setting
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State

NAME = "label_sizes"


def find(branch: Branch) -> dict[LabelKind, LabelSize]:
    """The size of each kind of label; the usual ones until somebody chose others."""
    kept = _find_setting(branch)
    return rules.read(kept.value if kept else {})


def state_of(sizes: Sizes) -> State:
    """What people see of the sizes, by label."""
    return {kind.label: size for kind, size in sizes.items()}


def choose(branch: Branch, sizes: Sizes, *, seen: str | None, by: User, at: datetime) -> None:
    """Keep the sizes of the rolls; raises Conflict with both versions for a stale page."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    lock("label_sizes", branch.id)
    was = find(branch)
    versions.refuse_stale(seen, state_of(was), state_of(sizes))
    kept = _find_setting(branch)
    if kept is None:
        kept = Setting(branch_id=branch.id, name=NAME, value={})
        session.add(kept)
    kept.value = rules.plain(sizes)
    audit.write(by, "desk.choose_labels", kept, at, was=rules.plain(was), now=rules.plain(sizes))


def _find_setting(branch: Branch) -> Setting | None:
    query = select(Setting).where(Setting.branch_id == branch.id, Setting.name == NAME)
    return session.scalars(query).one_or_none()
