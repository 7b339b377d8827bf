"""Notes on an order: whom they name, how they are corrected, and that no customer reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_branch, make_order, make_user
from workshop.desk.inbox import rows as inbox
from workshop.desk.inbox.rules import Kind
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import keys
from workshop.orders.notes import queries, rules
from workshop.orders.notes import service as notes
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

LATER = AT + timedelta(minutes=9)
TOO_LATE = AT + timedelta(minutes=10)


def waits(user: User) -> list[str]:
    rows = inbox.list_rows(make_branch(), user, LATER)
    return [each.words for row in rows for each in row.items if each.kind is Kind.MENTION]


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    assert rules.named_in("@王小明 看一下", [(1, "王小"), (2, "王小明")]) == {2}
    assert rules.named_in("王小明", [(2, "王小明")]) == set()


def test_whom_a_note_names_has_it_until_the_order_is_opened(database: Database) -> None:
    # given
    order, named = make_order(), make_user(RoleName.JOB_CONTROLLER, name="控工乙")
    other = make_user(RoleName.JOB_CONTROLLER)
    # when
    notes.write(order, "@控工乙 客人要求十二点前", by=order.advisor, at=AT)
    # then
    assert waits(named) == [f"{order.advisor.display_name}: @控工乙 客人要求十二点前"]
    assert not waits(other)
    assert not waits(order.advisor)
    # when
    notes.see(order, by=named, at=LATER)
    # then
    assert not waits(named)


def test_who_answers_has_seen_it(database: Database) -> None:
    order, named = make_order(), make_user(RoleName.JOB_CONTROLLER, name="控工乙")
    notes.write(order, "@控工乙 来得及吗", by=order.advisor, at=AT)
    notes.write(order, f"@{order.advisor.display_name} 来得及", by=named, at=LATER)
    assert not waits(named)
    assert len(waits(order.advisor)) == 1


def test_nobody_of_another_branch_is_named(database: Database) -> None:
    order = make_order()
    make_user(RoleName.JOB_CONTROLLER, branch=make_branch("north"), name="北店控工")
    assert notes.write(order, "@北店控工 在吗", by=order.advisor, at=AT).mentions == []


def test_a_note_is_corrected_by_its_writer_for_ten_minutes(database: Database) -> None:
    # given
    order, named = make_order(), make_user(RoleName.JOB_CONTROLLER, name="控工乙")
    note = notes.write(order, "@控工乙 十一点", by=order.advisor, at=AT)
    # when
    notes.correct(note, "十二点", by=order.advisor, at=LATER)
    # then: who is named no more has it no more
    assert (note.text, note.corrected_at) == ("十二点", LATER)
    assert not waits(named)
    with pytest.raises(NotAllowed):
        notes.correct(note, "一点", by=named, at=LATER)
    with pytest.raises(RuleBroken):
        notes.correct(note, "一点", by=order.advisor, at=TOO_LATE)
    with pytest.raises(Invalid):
        notes.write(order, " ", by=order.advisor, at=AT)


def test_a_tag_hangs_on_one_key_and_is_free_when_the_car_has_left(database: Database) -> None:
    # given
    order, other = make_order(), make_order()
    keys.put(order, "A12", "B 区 3", by=order.advisor, at=AT)
    # then
    assert keys.find_by_tag(order.branch_id, "A12") == order
    with pytest.raises(RuleBroken, match="A12"):
        keys.put(other, "A12", "", by=other.advisor, at=AT)
    # when
    keys.put(order, "", "B 区 3", by=order.advisor, at=AT)
    # then
    keys.put(other, "A12", "", by=other.advisor, at=AT)


def test_the_page_of_the_order_takes_notes_and_says_where_the_key_is(
    database: Database, sign_in: object, client: FlaskClient
) -> None:
    # given
    order = make_order()
    order.advisor.locale = "en"
    browser = sign_in(order.advisor)  # type: ignore[operator]
    url = f"/orders/{order.no}"
    # when
    answers = [
        browser.post(f"{url}/notes", data={"note-text": "钥匙在前台"}),
        browser.post(f"{url}/key", data={"key-key_tag": "A12", "key-parked_at": "B3"}),
        browser.post(f"{url}/notes", data={"note-text": ""}),
    ]
    # then
    assert [each.status_code for each in answers] == [302, 302, 422]
    assert "Write something." in answers[2].text
    page = browser.get(url).text
    assert "钥匙在前台" in page
    assert 'value="A12"' in page
    assert url in browser.get("/search?q=a12").text
    assert len(queries.list_notes(order)) == 1
