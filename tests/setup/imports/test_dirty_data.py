"""Dirty data that only the database can tell, row by row: what is asked, and what each answer does.

Source: the table of dirty input that old systems give. Single cells are tests/sheets.
"""

from __future__ import annotations

from sqlalchemy import select

from tests.databases import Database
from tests.setup.imports import factories
from tests.setup.imports.factories import (
    answer,
    apply,
    check,
    names,
    rows,
    table,
    take_over,
    told,
    verdicts,
    zhang,
)
from workshop import db
from workshop.customers.models import (
    Channel,
    Customer,
)
from workshop.db import session
from workshop.setup.imports import service

PERSON = "姓名 手机"


# ---- Customers ----


def test_one_number_written_in_seven_ways_is_one_customer(database: Database) -> None:
    written = (
        "13800138000", "'13800138000", "13800138000.0", "+86 138-0013-8000",
        "１３８００１３８０００",
        "138\u00a00013\u00a08000", "138\u200b00138000",
    )  # fmt: skip
    batch = check("customers", table(PERSON, *(("张伟", each) for each in written)))
    assert verdicts(batch) == ["new", *["same"] * 6]


def test_two_numbers_in_a_cell_are_kept_and_a_name_beside_one_is_the_name(
    database: Database,
) -> None:
    rows_ = (("李娜", "13800138000/13900139000"), ("", "王芳13700137000"))
    take_over("customers", table(PERSON, *rows_))
    assert names() == [("李娜", "13800138000"), ("王芳", "13700137000")]
    assert "13900139000" in session.scalars(select(Customer.remark)).first()  # type: ignore[operator]


def test_a_landline_that_lost_its_zero_is_put_right_and_flagged(database: Database) -> None:
    batch = check("customers", table(PERSON, ("李娜", "1068123456"), ("王芳", "1012345678")))
    assert verdicts(batch)[0] == "new"
    assert "lost the 0" in told(rows(batch)[0])


def test_one_number_and_two_names_is_asked(database: Database) -> None:
    zhang()
    data = table(f"{PERSON} 地址", ("李娜", "13800138001", "世纪大道1号"))
    # when
    batch = check("customers", data)
    # then: nothing is taken before somebody says what it is
    assert verdicts(batch) == ["doubtful: same_phone"]
    assert told(rows(batch)[0]) == "The shop has 张伟 with the number 13800138001."
    # when: they are one customer, the name that is there stays
    apply(answer(batch, "same_phone", "merge"))
    assert names() == [("张伟", "13800138001")]
    assert zhang_address() == "世纪大道1号"


def zhang_address() -> str:
    """Where 张伟 lives."""
    return session.scalars(select(Customer.address).where(Customer.name == "张伟")).one()


def test_one_number_may_be_of_two_customers(database: Database) -> None:
    zhang()
    batch = check("customers", table(PERSON, ("李娜", "13800138001")))
    apply(answer(batch, "same_phone", "both"))
    assert names() == [("张伟", "13800138001"), ("李娜", "13800138001")]


def test_a_doubtful_row_may_be_left_out(database: Database) -> None:
    zhang()
    batch = check("customers", table(PERSON, ("李娜", "13800138001"), ("王芳", "13700137000")))
    batch = apply(answer(batch, "same_phone", "skip"))
    assert names() == [("张伟", "13800138001"), ("王芳", "13700137000")]
    assert (batch.counts["taken"], batch.counts["left"]) == (1, 1)


def test_one_name_with_two_numbers_is_asked_also_within_the_file(database: Database) -> None:
    data = table(PERSON, ("张伟", "13800138001"), ("张伟", "13800138002"))
    batch = check("customers", data)
    assert verdicts(batch) == ["new", "doubtful: same_name"]
    apply(answer(batch, "same_name", "both"))
    assert names() == [("张伟", "13800138001"), ("张伟", "13800138002")]


def test_one_row_may_have_another_answer_than_all(database: Database) -> None:
    zhang()
    data = table(PERSON, ("李娜", "13800138001"), ("王芳", "13800138001"))
    batch = answer(check("customers", data), "same_phone", "skip")
    service.answer(batch, "same_phone", "both", rows(batch)[1].id, by=factories.boss())
    db.commit()
    apply(batch)
    assert names() == [("张伟", "13800138001"), ("王芳", "13800138001")]


def test_the_number_of_the_old_system_knows_a_customer_who_has_moved(database: Database) -> None:
    take_over("customers", table(f"客户编号 {PERSON}", ("K1", "张伟", "13800138001")))
    batch = check("customers", table(f"客户编号 {PERSON}", ("K1", "张伟", "13900139000")))
    assert verdicts(batch) == ["changed"]
    assert rows(batch)[0].said["differences"] == [["Phone", "13800138001", "13900139000"]]  # type: ignore[index]


def test_an_empty_cell_leaves_what_is_there(database: Database) -> None:
    take_over("customers", table(f"{PERSON} 地址", ("张伟", "13800138001", "张杨路1号")))
    for empty in ("", "NULL", "-", "无", "#N/A"):
        again = check("customers", table(f"{PERSON} 地址", ("张伟", "13800138001", empty)))
        assert verdicts(again) == ["same"], empty
    assert zhang_address() == "张杨路1号"


def test_a_formula_is_a_text(database: Database) -> None:
    take_over("customers", table(f"{PERSON} 备注", ("=1+1", "13800138001", "@SUM(A1)")))
    assert names() == [("=1+1", "13800138001")]


def test_a_company_comes_with_the_person_to_call(database: Database) -> None:
    data = table(
        "姓名 手机 类型 单位 首选联系方式 统一社会信用代码",
        ("陈刚", "13800138001", "单位", "华东物流", "微信", ""),
        ("李娜", "13800138002", "", "一中", "", ""),
    )
    batch = take_over("customers", data)
    company, person = session.scalars(select(Customer).order_by(Customer.id))
    assert (company.name, company.is_company, company.channel) == ("华东物流", True, Channel.WECHAT)
    assert [(each.name, each.phone) for each in company.people] == [("陈刚", "13800138001")]
    # Whom somebody works for makes no company of a person.
    assert (person.name, person.remark, person.is_company) == ("李娜", "单位：一中", False)
    assert verdicts(check("customers", data)) == ["same", "same"]
    other = check("customers", table("姓名 手机 联系渠道", ("李娜", "13800138002", "短信")))
    assert verdicts(other) == ["changed"]
    factories.undo(batch)
    assert names() == []


def test_rows_that_explain_a_template_and_totals_are_passed_over(database: Database) -> None:
    data = table(PERSON, ("※ 张伟", "13800138000"), ("李娜", "13800138001"), ("合计", "1"))
    batch = check("customers", data)
    assert [row.line for row in rows(batch)] == [3]
    assert "total" in batch.found["told"][-1]["message"]
