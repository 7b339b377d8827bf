"""The pages of lists: what a manager sees, in both languages, and what refused forms say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.audit.act import boss
from tests.databases import Database
from tests.factories import AT, make_branch, make_order, make_user
from workshop.catalogue.checklists import publishing, queries, starter
from workshop.catalogue.checklists.models import Checklist
from workshop.catalogue.checklists.rules import Use
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def desk(database: Database, sign_in: SignIn) -> FlaskClient:
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    make_branch()
    return sign_in(manager)


def get(use: Use, topic: str = "") -> Checklist:
    found = queries.find_list(use, topic)
    assert found is not None
    return found


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" type="hidden" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_manager_words_a_line_looks_at_the_difference_and_publishes(desk: FlaskClient) -> None:
    # given
    round_ = get(Use.LOUNGE_ROUND)
    url = f"/catalogue/lists/{round_.id}"
    assert "Disposable cups are there" in desk.get(url).text
    assert "一次性水杯充足" in desk.get(url).text
    desk.post(f"{url}/draft")
    (cups,) = (each for each in queries.get_draft(round_).items if each.code == "cups")
    page = desk.get(f"{url}/draft/{cups.id}").text
    form = {
        "title_zh": "纸杯充足",
        "title_en": "Paper cups are there",
        "kind": "look",
        "group_zh": cups.group_zh,
        "group_en": cups.group_en,
        "seen": hidden(page, "seen"),
    }
    # when
    assert desk.post(f"{url}/draft/{cups.id}", data=form).status_code == 302
    page = desk.get(f"{url}/draft").text
    # then
    assert "Paper cups are there" in page
    assert "<del>Disposable cups are there</del>" in page
    assert "<ins>Paper cups are there</ins>" in page
    # when
    sent = {"seen": hidden(page, "seen"), "note": "纸杯"}
    assert desk.post(f"{url}/draft/publish", data=sent).status_code == 302
    # then
    assert "Paper cups are there" in desk.get("/lounge/round").text
    assert "Disposable cups are there" in desk.get(f"{url}/versions/1").text
    assert desk.post(f"{url}/versions/1/publish").status_code == 302
    assert "Disposable cups are there" in desk.get("/lounge/round").text


def test_who_saves_a_line_later_sees_both_versions(desk: FlaskClient) -> None:
    round_ = get(Use.LOUNGE_ROUND)
    url = f"/catalogue/lists/{round_.id}/draft"
    desk.post(url)
    item = queries.get_draft(round_).items[0]
    page = desk.get(f"{url}/{item.id}").text
    form = {"title_zh": "干净", "kind": "look", "seen": hidden(page, "seen")}
    desk.post(f"{url}/{item.id}", data=form | {"title_en": "Mine"})
    answer = desk.post(f"{url}/{item.id}", data=form | {"title_en": "Yours"})
    assert answer.status_code == 409
    assert "Saved meanwhile" in answer.text
    assert "Mine" in answer.text
    assert "Yours" in answer.text


def test_limits_are_typed_as_people_write_them_and_refused_in_words(desk: FlaskClient) -> None:
    check = get(Use.QUALITY_CHECK)
    url = f"/catalogue/lists/{check.id}/draft"
    desk.post(url)
    form = {
        "title_zh": "轮胎",
        "title_en": "Tyres",
        "kind": "measured",
        "unit": "mm",
        "red_low_milli": "１.6",
        "green_low_milli": "3,5",
    }
    assert desk.post(f"{url}/new", data=form).status_code == 302
    assert "green from 3.5 mm · red below 1.6 mm" in desk.get(url).text
    for typed, words in (("x", "Write a number."), ("1.2345", "three decimals"), ("9", "order")):
        answer = desk.post(f"{url}/new", data=form | {"red_low_milli": typed})
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{typed}"' in answer.text
    (tyres,) = (each for each in queries.get_draft(check).items if each.code == "tyres")
    page = desk.get(f"{url}/{tyres.id}").text
    assert "can be made stricter, never looser" in page
    law = form | {"seen": hidden(page, "seen"), "red_low_milli": "1.5", "green_low_milli": ""}
    law |= {"standard_zh": tyres.standard_zh, "standard_en": tyres.standard_en}
    assert "The law&#39;s limit is 1.6 mm" in desk.post(f"{url}/{tyres.id}", data=law).text


def test_lines_are_moved_copied_and_taken_out_by_buttons(desk: FlaskClient) -> None:
    round_ = get(Use.LOUNGE_ROUND)
    url = f"/catalogue/lists/{round_.id}/draft"
    desk.post(url)
    first, second, *_ = (each.id for each in queries.get_draft(round_).items)
    desk.post(f"{url}/{first}/down")
    desk.post(f"{url}/{second}/copy")
    codes = [each.code for each in queries.get_draft(round_).items]
    assert codes[:3] == ["air", "own_1", "clean"]
    desk.post(f"{url}/{first}/remove")
    desk.post(f"{url}/{second}/up")
    assert [each.code for each in queries.get_draft(round_).items][:2] == ["air", "own_1"]
    (screen,) = (each for each in queries.get_draft(round_).items if each.code == "screen")
    assert desk.post(f"{url}/{screen.id}/remove").status_code == 409
    assert desk.post(f"{url}/discard").status_code == 302
    assert queries.find_draft(round_) is None
    assert desk.get(url).status_code == 404


def test_suggested_lists_are_added_and_found_in_both_languages(
    desk: FlaskClient, sign_in: SignIn
) -> None:
    number = len(starter.suggested())
    assert f"Add {number} suggested lists" in desk.get("/catalogue/lists").text
    desk.post("/catalogue/lists/suggested")
    page = desk.get("/catalogue/lists").text
    assert "36-point safety inspection" in page
    assert "as suggested" in page
    found = desk.get("/catalogue/lists?q=windscreen").text
    assert "36-point safety inspection" in found
    assert "12-point quick inspection" not in found
    assert "No list holds these words." in desk.get("/catalogue/lists?q=zzz").text
    desk.post("/catalogue/lists/suggested/take-back")
    assert f"Add {number} suggested lists" in desk.get("/catalogue/lists").text
    chinese = sign_in(make_user(RoleName.SERVICE_MANAGER))
    page = chinese.get("/catalogue/lists").text
    assert "36 项安全检查" in page
    assert "清单与话术" in page


def test_a_template_is_copied_named_and_put_out_of_use(desk: FlaskClient) -> None:
    desk.post("/catalogue/lists/suggested")
    template = get(Use.INSPECTION, "quick12")
    url = f"/catalogue/lists/{template.id}"
    refused = desk.post(f"{url}/copy", data={"copy-name_zh": "快检", "copy-name_en": ""})
    assert refused.status_code == 422
    assert "Enter the name in both languages." in refused.text
    desk.post(f"{url}/copy", data={"copy-name_zh": "我的快检", "copy-name_en": "My check"})
    assert "My check" in desk.get("/catalogue/lists").text
    desk.post(url, data={"list-name_zh": "快速检查", "list-name_en": "Fast", "list-codes": ""})
    assert desk.get(url).text.count("Fast") >= 1
    desk.post(f"{url}/use", data={"active": "0"})
    assert "out of use" in desk.get(url).text
    assert desk.post(f"/catalogue/lists/{get(Use.HANDOVER).id}/use").status_code == 409


def test_a_sheet_is_printed(desk: FlaskClient) -> None:
    desk.post("/catalogue/lists/suggested")
    template = get(Use.INSPECTION, "safety36")
    answer = desk.get(f"/catalogue/lists/{template.id}/versions/1.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_an_advisor_does_not_see_the_lists(database: Database, sign_in: SignIn) -> None:
    assert sign_in(make_user(RoleName.SERVICE_ADVISOR)).get("/catalogue/lists").status_code == 403


def test_what_to_say_is_filled_with_the_facts_of_this_minute(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = make_order(Stage.QUOTED, promised_at=AT + timedelta(hours=2))
    advisor = order.advisor
    advisor.locale = "en"
    client = sign_in(advisor)
    url = f"/orders/{order.no}/quotation"
    assert "What to say" not in client.get(url).text
    starter.lay(by=boss(), at=AT)
    # then
    page = client.get(url).text
    assert "What to say" in page
    assert "The car should be ready at 12:00." in page
    assert "Let me find out and tell you." in page
    # A promise that is over is claimed no more.
    order = session.get_one(RepairOrder, order.id)
    order.promised_at = AT - timedelta(minutes=1)
    page = client.get(url).text
    assert "What to say" in page
    assert "The car should be ready" not in page


def test_every_step_shows_its_words_until_the_shop_empties_them(
    database: Database, sign_in: SignIn
) -> None:
    order = make_order(Stage.RECEPTION)
    starter.lay(by=boss(), at=AT)
    client = sign_in(order.advisor)
    for path, words in (
        ("/booking/new", "我这边有两个时间"),
        (f"/orders/{order.no}/reception", "欢迎光临，我是服务顾问"),
        (f"/orders/{order.no}/lounge", "我来跟您说一下车子的进度"),
    ):
        assert words in client.get(path).text, path
    publishing.use_list(get(Use.SCRIPT, "reception"), False, by=boss(), at=AT)
    assert "怎么说" not in client.get(f"/orders/{order.no}/reception").text


def test_words_name_only_what_can_be_filled(desk: FlaskClient) -> None:
    desk.post("/catalogue/lists/suggested")
    script = get(Use.SCRIPT, "handover")
    url = f"/catalogue/lists/{script.id}/draft"
    desk.post(url)
    form = {"title_zh": "问候", "title_en": "Hello", "kind": "look"}
    form |= {"standard_zh": "{名字}您好", "standard_en": "Good day"}
    answer = desk.post(f"{url}/new", data=form)
    assert answer.status_code == 422
    assert "Nothing fills {名字}" in answer.text
    form["standard_zh"] = "{name}您好"
    assert desk.post(f"{url}/new", data=form).status_code == 302
