"""The acts on lists, words and label sizes, each with what the trail must say of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import AT, make_branch
from workshop.catalogue.checklists import editing, publishing, queries, starter, wording
from workshop.catalogue.checklists.models import Checklist, ChecklistItem
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.checklists.wording import Wording
from workshop.db import session
from workshop.desk.labels import sizes
from workshop.desk.labels.rules import LabelKind, LabelSize
from workshop.shop.models import Setting
from workshop.staff.models import User

WORDS = Wording("钥匙扣", "Key tag")


def _list(use: Use = Use.LOUNGE_ROUND) -> Checklist:
    found = queries.find_list(use, "")
    assert found is not None
    return found


def _cups(by: User) -> ChecklistItem:
    draft = editing.begin_draft(_list(), by=by, at=AT)
    return next(each for each in draft.items if each.code == "cups")


def catalogue_begin_draft() -> Act:
    by = boss()
    return Act(by, lambda: editing.begin_draft(_list(), by=by, at=LATER), None, {"of": 1})


def catalogue_discard_draft() -> Act:
    by = boss()
    editing.begin_draft(_list(), by=by, at=AT)
    said = {"no": 2, "lines": 19}
    return Act(by, lambda: editing.discard_draft(_list(), by=by, at=LATER), _list(), said)


def catalogue_add_item() -> Act:
    by = boss()
    editing.begin_draft(_list(), by=by, at=AT)
    said = {"title": "Key tag"}
    return Act(by, lambda: editing.add_item(_list(), WORDS, by=by, at=LATER), None, said)


def catalogue_change_item() -> Act:
    by = boss()
    item = _cups(by)
    words = replace(wording.of_item(item), title_en="Paper cups are there")
    said = {"changed": {"title_en": ["Disposable cups are there", "Paper cups are there"]}}

    def do() -> None:
        editing.change_item(item, words, seen=None, by=by, at=LATER)

    return Act(by, do, item, said)


def catalogue_move_item() -> Act:
    by = boss()
    item, said = _cups(by), {"place": [10, 9]}
    return Act(by, lambda: editing.move_item(item, up=True, by=by, at=LATER), item, said)


def catalogue_copy_item() -> Act:
    by = boss()
    item, said = _cups(by), {"of": "cups"}
    return Act(by, lambda: editing.copy_item(item, by=by, at=LATER), None, said)


def catalogue_remove_item() -> Act:
    by = boss()
    item, said = _cups(by), {"code": "cups", "title": "Disposable cups are there"}
    return Act(by, lambda: editing.remove_item(item, by=by, at=LATER), item, said)


def catalogue_publish() -> Act:
    by = boss()
    editing.remove_item(_cups(by), by=by, at=AT)
    said = {"was": 1, "no": 2, "removed": ["cups"]}
    return Act(by, lambda: publishing.publish(_list(), by=by, at=LATER), None, said)


def catalogue_publish__again() -> Act:
    by = boss()
    editing.remove_item(_cups(by), by=by, at=AT)
    publishing.publish(_list(), by=by, at=AT)
    first, said = queries.get_version(_list(), 1), {"was": 2, "no": 3, "added": ["cups"]}
    along = ("catalogue.begin_draft",)
    return Act(by, lambda: publishing.publish_again(first, by=by, at=LATER), None, said, along)


def catalogue_change_list() -> Act:
    by, checklist = boss(), _list()
    said = {"was": ["休息室巡检", "Lounge round", "", False], "now": ["巡检", "Round", "", False]}

    def do() -> None:
        publishing.change_list(checklist, " 巡检", "Round", "", by=by, at=LATER)

    return Act(by, do, checklist, said)


def _template(by: User) -> Checklist:
    starter.lay(by=by, at=AT)
    return queries.list_lists(Use.INSPECTION)[0]


def catalogue_use_list() -> Act:
    by = boss()
    checklist, said = _template(by), {"was": True, "now": False}
    return Act(by, lambda: publishing.use_list(checklist, False, by=by, at=LATER), checklist, said)


def catalogue_copy_list() -> Act:
    by = boss()
    checklist, said = _template(by), {"of": "12-point quick inspection"}
    return Act(
        by, lambda: publishing.copy_list(checklist, "快检", "Mine", by=by, at=LATER), None, said
    )


def catalogue_lay_lists() -> Act:
    by = boss()

    def do() -> Checklist:
        starter.lay(by=by, at=LATER)
        return _first_suggested()

    return Act(by, do)


def catalogue_take_back_lists() -> Act:
    by = boss()
    starter.lay(by=by, at=AT)
    first = _first_suggested()
    return Act(by, lambda: starter.take_back(by=by, at=LATER), first)


def _first_suggested() -> Checklist:
    first = starter.suggested()[0]
    found = queries.find_list(first.use, first.topic)
    assert found is not None
    return found


def desk_choose_labels() -> Act:
    by, branch = boss(), make_branch()
    usual = {"part": "40x30", "basket": "100x70", "key": "60x40", "tyre": "100x70"}
    now = sizes.find(branch) | {LabelKind.PART: LabelSize.MIDDLE}
    said = {"was": usual, "now": usual | {"part": "60x40"}}

    def do() -> Setting:
        sizes.choose(branch, now, seen=None, by=by, at=LATER)
        found = session.scalars(select(Setting)).one()
        assert isinstance(found, Setting)
        return found

    return Act(by, do, None, said)


ACTS = collect(__name__, globals())
