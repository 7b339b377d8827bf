"""Words by which records are found: what is cut, and that it stays true whoever writes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests import factories, words
from tests.databases import Database
from tests.stock.factories import make_offer
from workshop.customers import queries as customers
from workshop.db import session
from workshop.search import queries as search
from workshop.search.models import Kind, SearchWord
from workshop.stock.models import Part
from workshop.stock.parts import queries as parts


def _words(kind: Kind) -> list[str]:
    query = sa.select(SearchWord.word).where(SearchWord.kind == kind)
    return sorted(session.scalars(query))


def _all() -> set[tuple[str, str, int]]:
    return {tuple(row) for row in session.execute(sa.select(SearchWord.__table__))}


@pytest.fixture
def part(database: Database) -> Part:
    return factories.make_part(
        "WG-12 345", name_zh="机油滤清器", name_en="Oil filter 5W30", brand="Bosch", fits="Golf 7"
    )


def test_a_plate_is_cut_from_each_of_its_signs(database: Database) -> None:
    factories.make_vehicle(plate="粤B1221")
    assert _words(Kind.PLATE) == sorted(["粤b1221", "b1221", "1221", "221", "21", "1"])


def test_a_sentence_is_cut_where_a_word_begins(part: Part) -> None:
    cut = _words(Kind.PART)
    assert {"oil filter 5w30", "filter 5w30", "5w30", "w30", "30", "滤清器", "器"} <= set(cut)
    assert not {"ilter 5w30", "0", "olf 7", " 7"} & set(cut)
    assert {"g12345", "12345", "5"} <= set(cut)


def test_of_what_is_found_by_its_end_the_end_is_kept(database: Database) -> None:
    factories.make_customer(phone="13812345678", initials="wxm")
    assert _words(Kind.PHONE) == ["678"]
    assert _words(Kind.INITIALS) == ["wxm"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customer SET name = '李丽', phone = '13900000000', initials = ''",
        "UPDATE vehicle SET plate = NULL, vin = NULL",
        "UPDATE vehicle SET plate = '沪A11111', vin = 'LSVAA000000000001'",
        "UPDATE part SET name_en = '', fits = 'CR-V 2019', search_no = 'X'",
        "UPDATE part_supplier SET their_no = 'A-0 1'",
        "UPDATE stock_level SET bin = 'C-04'",
        "UPDATE customer_contact SET name = '赵师傅', phone = '021-55555555'",
        "DELETE FROM customer_contact",
        "DELETE FROM part_supplier",
    ],
)
def test_a_statement_by_hand_leaves_the_words_true(part: Part, statement: str) -> None:
    # given
    factories.make_vehicle(
        customer=factories.make_company(), plate="粤B12345", vin="LVSHCAMB1KE100001"
    )
    factories.make_contact()
    make_offer(part, their_no="77-1 2")
    before = _all()
    # when
    session.execute(sa.text(statement))
    kept = _all()
    # then
    words.cut_again(session.connection())
    assert kept == _all()
    assert kept != before


def test_both_engines_cut_alike(part: Part) -> None:
    factories.make_vehicle(customer=factories.make_customer("Özil ÄB王 C3"), plate="使014578")
    small = "Özil Äb王 c3"
    assert _words(Kind.NAME) == sorted(small[place:] for place in range(len(small)))


def test_what_is_longer_than_a_word_is_found_by_its_beginning(database: Database) -> None:
    name = "上海" + "东方" * 20 + "汽车服务有限公司"
    company = factories.make_company(name)
    assert customers.search_customers(name) == [company]
    assert customers.search_customers(name[4:]) == [company]


def test_two_signs_of_a_name_and_one_are_enough(database: Database) -> None:
    car = factories.make_vehicle(customer=factories.make_customer("王伟"), plate="粤B00001")
    factories.make_vehicle(customer=factories.make_customer("李伟强"), plate="粤B00002")
    assert customers.search_vehicles("王") == [car]
    assert customers.search_vehicles("王伟") == [car]
    assert len(customers.search_vehicles("伟")) == 2


def test_of_very_many_the_newest_are_looked_at(database: Database) -> None:
    cars = [factories.make_vehicle(plate=f"粤B0{number:04d}") for number in range(8)]
    ids = session.scalars(search.newest(Kind.PLATE, "B0", most=3)).all()
    assert sorted(ids) == [car.id for car in cars[-3:]]


def test_what_ends_with_the_words_is_not_lost_among_many(database: Database) -> None:
    end = factories.make_vehicle(plate="粤B00012")
    for number in range(5):
        factories.make_vehicle(plate=f"粤B12{number:03d}")
    assert end.id in session.scalars(search.newest(Kind.PLATE, "12", most=2)).all()


@pytest.mark.parametrize(
    "text", ["wg-12345", "G123", "滤清", "OIL", "filter 滤", "5w-30", "golf bosch", "0-99", "a03"]
)
def test_a_part_is_found_by_its_numbers_and_words(part: Part, text: str) -> None:
    # given
    branch = factories.make_branch()
    make_offer(part, their_no="770-99 2")
    session.execute(sa.text("UPDATE stock_level SET bin = 'A03-2'"))
    factories.make_part("P-9", name_zh="空调滤芯", name_en="Cabin air element")
    # when
    found = session.execute(parts.search(branch.id, text)).all()
    # then
    assert [row[0] for row in found] == [part]


@pytest.mark.parametrize("text", ["%", "_", "ilter", "filter 空调"])
def test_nothing_fitting_finds_no_part(part: Part, text: str) -> None:
    factories.make_part("P-9", name_zh="空调滤芯", name_en="Cabin element")
    assert session.execute(parts.search(factories.make_branch().id, text)).all() == []
