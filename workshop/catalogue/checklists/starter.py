"""The suggested lists: laid once, beside what the shop has, and taken back while nobody uses them.

Their words lie beside this file as data. Laying again doubles nothing and changes no own list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from workshop.catalogue.checklists import queries
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import Bond, ItemKind, Places, Use, VersionState
from workshop.db import lock, session
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

_ENDS = ("red_low", "green_low", "green_high", "red_high")


@dataclass(frozen=True)
class Suggested:
    """One list as it is suggested."""

    use: Use
    topic: str
    name_zh: str
    name_en: str
    codes: str = ""
    green_groups: bool = False
    items: tuple[dict[str, Any], ...] = field(default=())


def lay(*, only: Collection[Use] = tuple(Use), by: User, at: datetime) -> int:
    """Add the suggested lists that are not there, and use again those that were taken back.

    Of these uses; returns how many. A list of the shop's own of the same use and topic stays as
    it is.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    lock("checklist", 0)
    waiting = [(place, each) for place, each in _list_to_lay() if each.use in only]
    laid = [_use(each, place, by, at) for place, each in waiting]
    if laid:
        audit.write(by, "catalogue.lay_lists", laid[0], at, lists=_topics(laid))
    return len(laid)


def take_back(*, by: User, at: datetime) -> int:
    """Put the suggested lists out of use that nobody has worded otherwise; returns how many.

    They stay in the books, for records may refer to them.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    lock("checklist", 0)
    untouched = _list_untouched()
    for each in untouched:
        each.active = False
    if untouched:
        lists = _topics(untouched)
        audit.write(by, "catalogue.take_back_lists", untouched[0], at, lists=lists)
    return len(untouched)


def count_to_lay() -> int:
    """How many suggested lists the shop does not use."""
    return len(_list_to_lay())


def count_to_take_back() -> int:
    """How many suggested lists are in use as they were suggested."""
    return len(_list_untouched())


def _list_to_lay() -> list[tuple[int, Suggested]]:
    known, touched = _known(), queries.list_touched()
    return [
        (place, each)
        for place, each in enumerate(suggested(), start=1)
        if (found := known.get((each.use, each.topic))) is None
        or (not found.active and found.id not in touched)
    ]


def _list_untouched() -> list[Checklist]:
    known, touched = _known(), queries.list_touched()
    found = (known.get((each.use, each.topic)) for each in suggested())
    return [each for each in found if each and each.active and each.id not in touched]


def _known() -> dict[tuple[Use, str], Checklist]:
    return {(each.use, each.topic): each for each in queries.list_lists()}


def _topics(lists: Iterable[Checklist]) -> list[str]:
    return [f"{each.use.value}/{each.topic}" for each in lists]


def _use(listed: Suggested, place: int, by: User, at: datetime) -> Checklist:
    known = queries.find_list(listed.use, listed.topic)
    if known is None:
        return _add(listed, place, by, at)
    known.active = True
    return known


def _add(listed: Suggested, place: int, by: User, at: datetime) -> Checklist:
    checklist = Checklist(
        use=listed.use,
        topic=listed.topic,
        name_zh=listed.name_zh,
        name_en=listed.name_en,
        codes=listed.codes,
        green_groups=listed.green_groups,
        position=place,
    )
    version = ChecklistVersion(checklist=checklist, no=1, made_at=at)
    session.add_all([checklist, version])
    for position, each in enumerate(listed.items, start=1):
        version.items.append(_item(each, position))
    session.flush()
    version.state, version.published_at, version.published_by_id = VersionState.CURRENT, at, by.id
    session.flush()
    return checklist


def _item(listed: dict[str, Any], position: int) -> ChecklistItem:
    ends = {f"{end}_milli": _milli(listed.get(end)) for end in _ENDS}
    is_law = bool(listed.get("law"))
    is_measured = bool(listed.get("measured")) or any(end is not None for end in ends.values())
    return ChecklistItem(
        position=position,
        code=listed["code"],
        title_zh=listed["zh"],
        title_en=listed["en"],
        standard_zh=listed.get("szh", ""),
        standard_en=listed.get("sen", ""),
        group_zh=listed.get("group_zh", ""),
        group_en=listed.get("group_en", ""),
        kind=ItemKind.MEASURED if is_measured else ItemKind.LOOK,
        unit=listed.get("unit", ""),
        places=Places(listed.get("places", "one")),
        recommend=listed.get("mend", ""),
        law_low_milli=ends["red_low_milli"] if is_law else None,
        law_high_milli=ends["red_high_milli"] if is_law else None,
        needs_photo=bool(listed.get("photo")),
        required=is_law,
        bond=Bond.LAW if is_law else Bond.FREE,
        **ends,
    )


def _milli(value: int | Decimal | None) -> int | None:
    return None if value is None else int(value * 1000)


@cache
def suggested() -> tuple[Suggested, ...]:
    """All lists that are suggested, in their order."""
    return (*_read_lists("kinds.toml"), *_templates(), *_read_lists("words.toml"))


def _read_lists(name: str) -> Iterator[Suggested]:
    for each in _read(name)["list"]:
        yield Suggested(
            Use(each["use"]),
            each["topic"],
            each["zh"],
            each["en"],
            each.get("codes", ""),
            items=tuple(each["items"]),
        )


def _templates() -> Iterator[Suggested]:
    listed = _read("inspections.toml")
    bank = [
        item | {"group_zh": group["group_zh"], "group_en": group["group_en"]}
        for group in listed["bank"]
        for item in group["items"]
    ]
    for each in listed["template"]:
        items = tuple(item for item in bank if each["letter"] in item["in"])
        yield Suggested(
            Use.INSPECTION,
            each["topic"],
            each["zh"],
            each["en"],
            green_groups=each.get("green_groups", False),
            items=items,
        )


def _read(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)
