"""Drafts, versions and what holds on to a line, without HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.audit.act import boss
from tests.databases import Database
from tests.factories import make_user
from workshop.catalogue.checklists import (
    comparing,
    editing,
    publishing,
    queries,
    starter,
    wording,
)
from workshop.catalogue.checklists.comparing import Change
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import ItemKind, Use
from workshop.catalogue.checklists.wording import Wording
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions


@pytest.fixture
def by(database: Database) -> User:
    return boss()


def get(use: Use = Use.LOUNGE_ROUND, topic: str = "") -> Checklist:
    found = queries.find_list(use, topic)
    assert found is not None
    return found


def line(version: ChecklistVersion, code: str) -> ChecklistItem:
    return next(each for each in version.items if each.code == code)


def codes(use: Use = Use.LOUNGE_ROUND) -> list[str]:
    return [each.code for each in queries.list_items(use)]


def test_a_draft_is_asked_by_nobody_until_it_is_published(by: User, at: datetime) -> None:
    before = codes()
    draft = editing.begin_draft(get(), by=by, at=at)
    editing.remove_item(line(draft, "cups"), by=by, at=at)
    editing.add_item(get(), Wording("充电线", "Charging cables"), by=by, at=at)
    assert codes() == before
    # when
    publishing.publish(get(), "杯子", by=by, at=at)
    # then
    assert codes() == [each for each in before if each != "cups"] + ["own_1"]
    first = queries.get_version(get(), 1)
    assert [each.code for each in first.items] == before
    assert first.replaced_at == at


def test_an_earlier_version_comes_back_as_a_new_one(by: User, at: datetime) -> None:
    before = codes()
    editing.remove_item(line(editing.begin_draft(get(), by=by, at=at), "cups"), by=by, at=at)
    publishing.publish(get(), by=by, at=at)
    made = publishing.publish_again(queries.get_version(get(), 1), by=by, at=at)
    assert made.no == 3
    assert codes() == before
    with pytest.raises(RuleBroken):
        publishing.publish_again(made, by=by, at=at)


def test_an_earlier_version_does_not_push_a_draft_away(by: User, at: datetime) -> None:
    editing.remove_item(line(editing.begin_draft(get(), by=by, at=at), "cups"), by=by, at=at)
    publishing.publish(get(), by=by, at=at)
    editing.begin_draft(get(), by=by, at=at)
    with pytest.raises(Conflict, match="draft already"):
        publishing.publish_again(queries.get_version(get(), 1), by=by, at=at)


def test_two_managers_write_on_one_draft_and_the_later_sees_both(by: User, at: datetime) -> None:
    draft = editing.begin_draft(get(), by=by, at=at)
    assert editing.begin_draft(get(), by=boss(), at=at) is draft
    item = line(draft, "cups")
    seen = versions.mark(wording.state_of(wording.of_item(item)))
    words = wording.of_item(item)
    editing.change_item(item, replace(words, title_en="Mine"), seen=seen, by=by, at=at)
    with pytest.raises(Conflict) as refused:
        editing.change_item(item, replace(words, title_en="Yours"), seen=seen, by=by, at=at)
    assert refused.value.theirs == {"Wording, English": "Mine"}
    assert refused.value.yours == {"Wording, English": "Yours"}


def test_nobody_publishes_a_draft_that_is_not_what_was_looked_at(by: User, at: datetime) -> None:
    draft = editing.begin_draft(get(), by=by, at=at)
    editing.remove_item(line(draft, "cups"), by=by, at=at)
    seen = comparing.mark_of(draft)
    editing.remove_item(line(draft, "tissues"), by=by, at=at)
    with pytest.raises(Conflict, match="Somebody else"):
        publishing.publish(get(), seen=seen, by=by, at=at)
    publishing.publish(get(), seen=comparing.mark_of(draft), by=by, at=at)


def test_a_draft_that_says_the_same_is_not_published(by: User, at: datetime) -> None:
    draft = editing.begin_draft(get(), by=by, at=at)
    with pytest.raises(RuleBroken, match="says the same"):
        publishing.publish(get(), by=by, at=at)
    # Another order is another list.
    editing.move_item(draft.items[1], up=True, by=by, at=at)
    found = comparing.differences(queries.get_version(get(), 1), draft)
    assert [each.change for each in found] == [Change.MOVED, Change.MOVED]
    publishing.publish(get(), by=by, at=at)
    assert codes()[:2] == ["air", "clean"]


def test_a_line_of_a_published_version_is_not_changed_by_a_stale_page(
    by: User, at: datetime
) -> None:
    item = line(editing.begin_draft(get(), by=by, at=at), "cups")
    editing.move_item(item, up=True, by=by, at=at)
    publishing.publish(get(), by=by, at=at)
    with pytest.raises(Conflict, match="published meanwhile"):
        editing.remove_item(item, by=by, at=at)


def test_what_the_program_or_the_law_holds_is_not_taken_out(by: User, at: datetime) -> None:
    keys = line(editing.begin_draft(get(Use.HANDOVER), by=by, at=at), "keys")
    with pytest.raises(RuleBroken, match="reworded"):
        editing.remove_item(keys, by=by, at=at)
    words = replace(wording.of_item(keys), title_zh="钥匙已交还")
    editing.change_item(keys, words, seen=None, by=by, at=at)
    tyres = line(editing.begin_draft(get(Use.QUALITY_CHECK), by=by, at=at), "tyres")
    with pytest.raises(RuleBroken, match="law"):
        editing.remove_item(tyres, by=by, at=at)


def test_the_laws_limit_is_made_stricter_never_looser(by: User, at: datetime) -> None:
    tyres = line(editing.begin_draft(get(Use.QUALITY_CHECK), by=by, at=at), "tyres")
    words = wording.of_item(tyres)
    for refused in (
        replace(words, red_low_milli=1500),
        replace(words, red_low_milli=None),
        replace(words, kind=ItemKind.LOOK),
        replace(words, standard_zh="随便", standard_en="Any"),
    ):
        with pytest.raises(Invalid, match="law"):
            editing.change_item(tyres, refused, seen=None, by=by, at=at)
    editing.change_item(tyres, replace(words, red_low_milli=2000), seen=None, by=by, at=at)
    editing.change_item(tyres, words, seen=None, by=by, at=at)
    assert tyres.red_low_milli == 1600


def test_a_copy_of_a_line_is_the_shops_own(by: User, at: datetime) -> None:
    draft = editing.begin_draft(get(Use.QUALITY_CHECK), by=by, at=at)
    copy = editing.copy_item(line(draft, "tyres"), by=by, at=at)
    assert (copy.code, copy.bond.is_free, copy.law_low_milli) == ("own_1", True, None)
    order = [each.code for each in draft.items]
    assert order.index("own_1") == order.index("tyres") + 1
    editing.remove_item(copy, by=by, at=at)


def test_a_line_needs_words_in_both_languages_and_limits_in_order(by: User, at: datetime) -> None:
    editing.begin_draft(get(Use.QUALITY_CHECK), by=by, at=at)
    for words, field in (
        (Wording("", "Tyres"), "title_zh"),
        (Wording("轮胎", " "), "title_en"),
        (Wording("轮胎", "Tyres", standard_zh="好"), "standard_en"),
        (Wording("轮胎", "Tyres", group_en="Wheels"), "group_zh"),
        (
            Wording(
                "轮胎",
                "Tyres",
                kind=ItemKind.MEASURED,
                red_low_milli=2,
                green_low_milli=1,
            ),
            "green_low_milli",
        ),
    ):
        with pytest.raises(Invalid) as refused:
            editing.add_item(get(Use.QUALITY_CHECK), words, by=by, at=at)
        assert refused.value.field == field
    plain = Wording("轮胎", "Tyres", unit="mm", red_low_milli=5)
    looked = editing.add_item(get(Use.QUALITY_CHECK), plain, by=by, at=at)
    assert (looked.unit, looked.red_low_milli) == ("", None)


def test_only_a_manager_of_the_catalogue_writes_lists(by: User, at: datetime) -> None:
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    with pytest.raises(NotAllowed):
        editing.begin_draft(get(), by=advisor, at=at)
    with pytest.raises(NotAllowed):
        starter.lay(by=advisor, at=at)


def test_a_list_that_the_program_asks_stays_in_use(by: User, at: datetime) -> None:
    with pytest.raises(RuleBroken, match="program asks"):
        publishing.use_list(get(), False, by=by, at=at)
    draft = editing.begin_draft(get(), by=by, at=at)
    for each in list(draft.items):
        if each.bond.is_free:
            editing.remove_item(each, by=by, at=at)
    assert [each.code for each in draft.items] == ["screen"]


def test_a_page_of_the_version_before_is_answered_for_a_day(by: User, at: datetime) -> None:
    first = queries.get_version(get(Use.SELF_CHECK), 1)
    draft = editing.begin_draft(get(Use.SELF_CHECK), by=by, at=at)
    editing.remove_item(line(draft, "tidy"), by=by, at=at)
    publishing.publish(get(Use.SELF_CHECK), by=by, at=at)
    now = queries.list_versions_of_job(Use.SELF_CHECK, [])
    day = timedelta(hours=24)
    assert queries.list_seen(now, [first.id], at + day) == [first]
    for seen, when in (([first.id], at + day + timedelta(seconds=1)), ([], at), ([99_999], at)):
        with pytest.raises(Conflict):
            queries.list_seen(now, seen, when)


def test_the_suggested_lists_are_laid_once_and_taken_back_while_untouched(
    by: User, at: datetime
) -> None:
    number = starter.count_to_lay()
    assert number == len(starter.suggested()) > 20
    assert starter.lay(by=by, at=at) == number
    assert (starter.lay(by=by, at=at), starter.count_to_take_back()) == (0, number)
    brakes = get(Use.QUALITY_CHECK, "brakes")
    draft = editing.begin_draft(brakes, by=by, at=at)
    editing.remove_item(draft.items[0], by=by, at=at)
    publishing.publish(brakes, by=by, at=at)
    # when
    assert starter.take_back(by=by, at=at) == number - 1
    # then: what somebody worded otherwise stays, and the rest comes back as it was
    assert brakes.active
    assert not get(Use.INSPECTION, "quick12").active
    assert starter.lay(by=by, at=at) == number - 1
    assert get(Use.INSPECTION, "quick12").active


def test_the_templates_have_as_many_lines_as_their_names_say(by: User, at: datetime) -> None:
    starter.lay(by=by, at=at)
    for topic, number in (("quick12", 12), ("safety36", 36), ("electric24", 24)):
        items = queries.list_items(Use.INSPECTION, topic)
        assert len(items) == number, topic
        tread = next(each for each in items if each.code == "tyre_tread")
        assert (tread.law_low_milli, tread.red_low_milli) == (1600, 1600)
        assert tread.green_low_milli == 3500
        assert not tread.bond.is_free


def test_a_template_is_copied_and_goes_its_own_way(by: User, at: datetime) -> None:
    starter.lay(by=by, at=at)
    source = get(Use.INSPECTION, "quick12")
    copy = publishing.copy_list(source, "我的快检", "My check", by=by, at=at)
    assert len(queries.list_items(Use.INSPECTION, copy.topic)) == 12
    with pytest.raises(RuleBroken):
        publishing.copy_list(get(), "巡检", "Round", by=by, at=at)
    draft = editing.begin_draft(copy, by=by, at=at)
    with pytest.raises(RuleBroken):
        editing.remove_item(line(draft, "tyre_tread"), by=by, at=at)
    session.flush()
