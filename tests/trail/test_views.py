"""The audit page: filters, words, links, and the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.databases import Database
from tests.factories import (
    AT,
    make_branch,
    make_job,
    make_order,
    make_part,
    make_technician,
    make_user,
)
from workshop.db import session
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.staff import audit, people
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.trail import queries
from workshop.trail.queries import Wanted

SignInAs = Callable[[User], FlaskClient]


@pytest.fixture
def manager(database: Database) -> User:
    manager = make_user(RoleName.SERVICE_MANAGER, name="周敏")
    manager.locale = "en"
    return manager


def actions(**wanted: object) -> list[str]:
    asked = Wanted(branch_id=make_branch().id, **wanted)  # type: ignore[arg-type]
    return [each.action for each in session.scalars(queries.find(asked).limit(50))]


def test_only_who_may_reads_the_trail(database: Database, sign_in: SignInAs) -> None:
    assert sign_in(make_user(RoleName.SERVICE_ADVISOR)).get("/audit").status_code == 403
    assert sign_in(make_user(RoleName.ADMINISTRATOR)).get("/audit").status_code == 200


def test_a_line_is_told_in_words_with_before_and_after(manager: User, sign_in: SignInAs) -> None:
    user = make_user(RoleName.CASHIER, name="钱芳")
    people.change(user, "钱方", [RoleName.GREETER], by=manager, at=AT)
    page = sign_in(manager).get("/audit").text
    assert "Name or roles of a person changed" in page
    assert "<s>钱芳</s> → 钱方" in page
    assert "<s>Cashier</s> → Greeter" in page
    assert f'<a href="/staff/{user.id}">Person 钱方</a>' in page
    manager.locale = "zh_CN"
    assert "修改人员姓名或角色" in sign_in(manager).get("/audit").text


def test_money_and_times_are_shown_as_people_read_them(manager: User, sign_in: SignInAs) -> None:
    order = make_order(Stage.REPAIR, promised_at=AT)
    orders.change_promise(
        order, AT + timedelta(hours=2), reason="缺件", told_how="电话", by=order.advisor, at=AT
    )
    audit.write(manager, "settlement.discount", order, AT, fen=12_345, was={"fen": 0})
    audit.write(manager, "settlement.payment", order, AT, tender="wechat", fen=5)
    technician = make_technician()
    audit.write(manager, "shop.help", order, AT, technician_id=technician.id)
    page = sign_in(manager).get("/audit").text
    assert "WeChat" in page
    name = technician.user.display_name
    assert re.search(rf"Technician:</span>\s+{name}", page)
    assert "<s>2026-11-23 10:00</s> → 2026-11-23 12:00" in page
    assert "¥123.45" in page
    assert f'href="/orders/{order.no}"' in page


def test_the_trail_is_filtered_by_person_group_and_shop_day(manager: User) -> None:
    other = make_user(RoleName.ADMINISTRATOR)
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    for by, action, at in (
        (manager, "staff.unlock", late),
        (other, "screen.pair", late + timedelta(minutes=1)),
        (None, "staff.learn_permissions", late),
    ):
        audit.write(by, action, None, at)
    assert actions(by_id=manager.id) == ["staff.unlock"]
    assert actions(group="screen") == ["screen.pair"]
    assert "staff.learn_permissions" in actions(by_id=0)
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert actions(starts_at=midnight) == ["screen.pair"]
    assert "screen.pair" not in actions(ends_at=midnight)


def test_a_day_is_the_shops_day(manager: User, sign_in: SignInAs) -> None:
    audit.write(manager, "screen.pair", None, datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    desk = sign_in(manager)
    assert "Screen paired" in desk.get("/audit?first=2026-11-23&last=2026-11-23").text
    assert "Screen paired" not in desk.get("/audit?last=2026-11-22").text
    wrong = desk.get("/audit?first=yesterday")
    assert wrong.status_code == 422
    assert "“yesterday” is no day." in wrong.text


def test_an_order_is_found_with_all_that_hangs_below_it(manager: User) -> None:
    order, other = make_order(Stage.REPAIR), make_order(Stage.REPAIR)
    job = make_job(order)
    audit.write(manager, "repair.pause", job, AT)
    audit.write(manager, "orders.cancel", order, AT)
    audit.write(manager, "reception.sign", other, AT)
    audit.write(manager, "customers.change", order.customer, AT)
    assert {"repair.pause", "orders.cancel"} <= set(actions(record=order.no))
    assert "reception.sign" not in actions(record=order.no)
    assert "customers.change" not in actions(record=order.no)
    assert {"customers.change", "repair.pause"} <= set(actions(record=order.customer.name))


def test_a_part_is_found_by_its_number(manager: User) -> None:
    part = make_part()
    audit.write(manager, "stock.count", part, AT)
    assert "stock.count" in actions(record=part.no.lower())


def test_a_record_that_nothing_is_called_is_said_in_words(manager: User, sign_in: SignInAs) -> None:
    page = sign_in(manager).get("/audit?record=RO999")
    assert page.status_code == 422
    assert "No order, customer, vehicle or part is called “RO999”." in page.text


def test_acts_of_another_branch_are_not_shown(manager: User) -> None:
    stranger = make_user(RoleName.SERVICE_MANAGER, branch=make_branch("west"))
    audit.write(stranger, "screen.pair", None, AT)
    assert "screen.pair" not in actions()


def test_many_lines_have_pages(manager: User, sign_in: SignInAs) -> None:
    for _ in range(60):
        audit.write(manager, "screen.pair", None, AT)
    desk = sign_in(manager)
    assert desk.get("/audit?group=screen").text.count("Screen paired") == 50
    second = desk.get("/audit?group=screen&page=2").text
    assert second.count("Screen paired") == 10
    assert "group=screen" in second


def test_the_trail_can_be_taken_along_and_that_is_a_line_of_it(
    manager: User, sign_in: SignInAs
) -> None:
    user = make_user(RoleName.CASHIER, name="=cmd|x")
    people.change(user, "+钱方", [RoleName.CASHIER], by=manager, at=AT)
    answer = sign_in(manager).post("/export/audit.csv?group=staff")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    answer.close()
    assert rows[0] == ["Time", "Person", "Act", "Record", "Before → after"]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    assert any("=cmd|x → +钱方" in row[4] for row in rows)
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "trail.export")).one()
    assert (line.by_id, line.details["filters"]) == (manager.id, {"group": "staff"})
    assert line.details["rows"] == len(rows) - 1


def test_every_kind_of_record_below_an_order_leads_to_it(database: Database) -> None:
    ways = queries.ways_to("repair_order")
    for table in (
        "job",
        "allocation",
        "quotation",
        "quotation_line",
        "payment",
        "pick_line",
        "wash",
    ):
        assert ways[table][-1].name.endswith("order_id"), table
    assert not {"user", "branch", "technician", "part", "customer"} & set(ways)
    assert session.scalar(select(func.count(AuditEntry.id))) == 0


def test_what_the_program_itself_wrote_is_in_the_readers_language(
    manager: User, sign_in: SignInAs
) -> None:
    # given: why a promise moved, and what was doubtful on a quotation, as the program keeps them
    order = make_order(Stage.REPAIR)
    said = {"reason": "Additional work was agreed", "doubts": ["twice", "energy"]}
    audit.write(order.advisor, "quotation.offer", order, AT, **said)
    manager.locale = "zh_CN"
    session.flush()
    # when
    page = sign_in(manager).get("/audit").text
    # then
    assert "客户同意增项" in page
    assert "同一配件重复" in page
    assert "适用于其他能源类型的车" in page
