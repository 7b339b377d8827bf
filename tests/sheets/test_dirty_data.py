"""What old systems and their users put into tables, row by row, and what we make of it."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from workshop import sheets
from workshop.customers import cells as cars
from workshop.customers.cells import Phones
from workshop.sheets import cells, days

KNOWN = {"姓名", "手机", "车牌", "备注", "电话2"}


def _rows(source: bytes, name: str = "客户.csv", **more: str) -> list[tuple[str, ...]]:
    with sheets.read(source, name, known=KNOWN, **more) as sheet:
        return [row.cells for row in sheet.rows()]


# ---- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_encoding_of_an_old_system_is_found(encoding: str) -> None:
    source = "姓名,手机\n张三,13800138000\n𠮷野,13900139000\n".encode(encoding)
    with sheets.read(source, "客户.csv", known=KNOWN) as sheet:
        assert sheet.encoding == ("utf-16" if encoding == "utf-16" else encoding)
        assert [row.cells[0] for row in sheet.rows()] == ["张三", "𠮷野"]


def test_an_encoding_can_be_chosen_against_the_one_that_was_found() -> None:
    # Two bytes that are a word in both: nobody but their owner can say which.
    source = "姓名\n联通\n".encode("gb18030")
    assert _rows(source, encoding="gb18030") == [("联通",)]


def test_signs_that_the_chosen_encoding_has_not_refuse_their_cell_only() -> None:
    source = "姓名\n张三\n李四\n".encode("gb18030").replace("李".encode("gb18030"), b"\xff\xff")
    one, other = _rows(source, encoding="gb18030")
    assert cells.name(one[0]).value == "张三"
    assert cells.name(other[0]).refusal is not None


# ---- separators


@pytest.mark.parametrize("sign", [",", ";", "\t", "，"])
def test_each_separator_is_found(sign: str) -> None:
    source = f"姓名{sign}手机{sign}备注\n张三{sign}13800138000{sign}老客户\n".encode()
    assert _rows(source) == [("张三", "13800138000", "老客户")]


def test_a_line_break_in_quotes_is_one_record_and_the_lines_are_still_right() -> None:
    source = '姓名,备注\r\n张三,"一\r\n二"\r\n李四,三\r\n'.encode()
    with sheets.read(source, "a.csv", known=KNOWN) as sheet:
        assert [(row.line, row.cells[1]) for row in sheet.rows()] == [(2, "一\r\n二"), (4, "三")]


def test_the_separator_that_excel_names_is_no_row() -> None:
    assert _rows("sep=;\n姓名;手机\n张三;1\n".encode()) == [("张三", "1")]


# ---- titles, merged names, totals


def test_titles_blank_rows_and_totals_are_passed_over_and_told() -> None:
    source = (
        "客户档案\n导出日期：2024-01-01\n\n姓名,手机\n张三,13800138000\n,\n李四,13900139000\n"
        "合计,2\n姓名,手机\n王五,1\n总计：3条\n"
    ).encode()
    with sheets.read(source, "a.csv", known=KNOWN) as sheet:
        assert sheet.header == ("姓名", "手机")
        assert sheet.header_line == 4
        assert [row.line for row in sheet.rows()] == [5, 7, 10]
        assert [str(said) for said in sheet.told] == [
            "Above the names of the columns, passed over: line [1, 2].",
            "Line 8 is a total.",
            "Line 9 repeats the names of the columns.",
            "Line 11 is a total.",
        ]


def test_a_supplier_called_total_is_no_total() -> None:
    assert _rows("姓名,手机,备注\nTotal,13800138000,机油\n".encode())[0][0] == "Total"


def test_a_merged_line_above_the_names_is_passed_over() -> None:
    source = "客户信息,,车辆信息\n姓名,手机,车牌\n张三,1,粤B12345\n".encode()
    assert _rows(source) == [("张三", "1", "粤B12345")]


def test_names_that_are_merged_over_two_rows_are_put_together() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "联系方式", None, "车牌"])
    sheet.append([None, "手机", "电话2", None])
    sheet.append(["张三", "13800138000", "13900139000", "粤B12345"])
    for merged in ("A1:A2", "B1:C1", "D1:D2"):
        sheet.merge_cells(merged)
    with sheets.read(_saved(book), "a.xlsx", known=KNOWN) as read:
        assert read.header == ("姓名", "手机", "电话2", "车牌")
        assert [row.cells[3] for row in read.rows()] == ["粤B12345"]


@pytest.mark.parametrize("name", ["手机（必填）", " 手 机*", "手机：", "手机 [11位]"])
def test_a_name_of_a_column_is_known_with_what_was_added_to_it(name: str) -> None:
    assert sheets.normal_name(name) == "手机"


# ---- numbers of long codes


@pytest.mark.parametrize("text", ["1.38E+10", "1.38e10", "１．３８Ｅ＋１０"])
def test_digits_that_a_spreadsheet_lost_are_never_guessed(text: str) -> None:
    assert cars.phones(text).refusal is not None
    assert cars.vin("1.23457E+16").refusal is not None
    assert cells.code("8E+10").refusal is not None


def test_a_number_longer_than_a_spreadsheet_keeps_is_known_to_have_lost_digits() -> None:
    book = openpyxl.Workbook()
    for row in (["姓名", "手机"], ["张三", 44030119900101123456]):
        book.active.append(row)
    ((_, code),) = _rows(_saved(book), "a.xlsx")
    assert cells.code(code).refusal is not None


# ---- phones


@pytest.mark.parametrize(
    "text",
    ["'13800138000", "13800138000.0", "+86 138-0013-8000", "１３８００１３８０００",
     "138\xa00013\xa08000", "1380013\u200b8000", "86 13800138000", " 13800138000 "],
)  # fmt: skip
def test_one_phone_is_one_phone_however_it_is_written(text: str) -> None:
    assert cars.phones(text) == cells.Cell(Phones(("13800138000",)))


def test_a_phone_that_a_workbook_keeps_as_a_number_is_that_phone() -> None:
    book = openpyxl.Workbook()
    for row in (["姓名", "手机"], ["张三", 13800138000], ["李四", 13800138000.0]):
        book.active.append(row)
    assert [row[1] for row in _rows(_saved(book), "a.xlsx")] == ["13800138000"] * 2


@pytest.mark.parametrize(
    ("text", "numbers", "name"),
    [
        ("13800138000/13900139000", ("13800138000", "13900139000"), ""),
        ("13800138000、13900139000", ("13800138000", "13900139000"), ""),
        ("13800138000 13900139000", ("13800138000", "13900139000"), ""),
        ("13800138000/13800138000", ("13800138000",), ""),
        ("张三13800138000", ("13800138000",), "张三"),
        ("张三：138 0013 8000", ("13800138000",), "张三"),
        ("13800138000（李四）", ("13800138000",), "李四"),
        ("0755-88886666转801", ("075588886666-801",), ""),
    ],
)
def test_several_phones_and_names_come_apart(
    text: str, numbers: tuple[str, ...], name: str
) -> None:
    assert cars.phones(text) == cells.Cell(Phones(numbers, name))


@pytest.mark.parametrize(
    ("text", "number"), [("1012345678", "01012345678"), ("75588886666", "075588886666")]
)
def test_a_landline_that_lost_its_zero_gets_it_back_and_is_flagged(text: str, number: str) -> None:
    read = cars.phones(text)
    assert read.value == Phones((number,))
    assert read.warning is not None


@pytest.mark.parametrize("text", ["1380013800", "abc", "13800138000/12"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    assert cars.phones(text).value is None
    assert cars.phones(text).refusal is not None


# ---- plates and VINs


def test_two_plates_are_two_cars_and_the_cell_says_so() -> None:
    read = cars.plates("粤B12345、粤B67890")
    assert read.value == ("粤B12345", "粤B67890")
    assert read.warning is not None


@pytest.mark.parametrize("text", ["粤b·12345", "粤Ｂ 12345", "粤B-12345", "粤B12345、粤B12345"])
def test_a_plate_is_written_one_way(text: str) -> None:
    assert cars.plates(text) == cells.Cell(("粤B12345",))


@pytest.mark.parametrize("text", ["未上牌", "临牌", "", "-", "无", "新车"])
def test_a_car_may_have_no_plate(text: str) -> None:
    assert cars.plates(text).value in ((), None)
    assert cars.plates(text).refusal is None


@pytest.mark.parametrize(
    "text",
    ["LSVAU2180N218329", "12345678", "LSVAU2180N2183290", "LSVAUO180N2183294", "WBA1234567890"],
)
def test_a_vin_of_china_or_of_another_length_is_right_or_refused(text: str) -> None:
    assert cars.vin(text).refusal is not None


@pytest.mark.parametrize("text", ["WBAOI123456789012", "WBA12345678901234"])
def test_another_cars_odd_vin_is_taken_and_flagged(text: str) -> None:
    assert cars.vin(text).value == text
    assert cars.vin(text).warning is not None


def test_blanks_in_a_vin_are_none() -> None:
    assert cars.vin(" 1m8gd m9axkp0 42788").value == "1M8GDM9AXKP042788"


# ---- dates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("44197", date(2021, 1, 1)),
        ("44197.354166", date(2021, 1, 1)),
        ("2021/1/5", date(2021, 1, 5)),
        ("2021.1.5", date(2021, 1, 5)),
        ("21.1.5", date(2021, 1, 5)),
        ("2021年1月5日", date(2021, 1, 5)),
        ("20210105", date(2021, 1, 5)),
        ("2021-01-05 08:30:00", date(2021, 1, 5)),
        ("13-03-2016", date(2016, 3, 13)),
        ("03/13/2016", date(2016, 3, 13)),
        ("5/5/2016", date(2016, 5, 5)),
    ],
)
def test_a_date_is_a_date_however_it_is_written(text: str, found: date) -> None:
    assert days.day(text) == cells.Cell(found)


def test_a_day_that_could_be_a_month_is_asked_once_for_the_column() -> None:
    assert days.is_ambiguous("01-03-2016")
    assert days.day("01-03-2016").refusal is not None
    assert days.day("01-03-2016", day_first=True).value == date(2016, 3, 1)
    assert days.day("01-03-2016", day_first=False).value == date(2016, 1, 3)


@pytest.mark.parametrize("text", ["", "0", "0000-00-00", "1900-01-00", "1899-12-30", "NULL", "-"])
def test_no_date_is_no_date_and_never_1970(text: str) -> None:
    assert days.day(text) == cells.Cell()


@pytest.mark.parametrize(
    "text", ["2021-13-01", "2021-02-30", "明天", "1234", "1234567", "3021-01-01"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert days.day(text).refusal is not None


def test_the_day_zero_of_programs_is_flagged() -> None:
    assert days.day("1970-01-01").warning is not None


def test_a_workbook_that_counts_from_1904_gives_the_same_days() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (["姓名", "备注", "手机"], ["张三", date(2021, 1, 5), 42735]):
        book.active.append(row)
    with sheets.read(_saved(book), "a.xlsx", known=KNOWN) as sheet:
        (row,) = sheet.rows()
        assert row.cells[1] == "2021-01-05"
        assert days.day(row.cells[2], sheet.epoch).value == date(2021, 1, 1)


# ---- mileages and money


@pytest.mark.parametrize(
    "text", ["5.2万", "52,000公里", "52000", "52000.0", "52000 km", "５２０００", "5.2 万公里"]
)
def test_a_mileage_is_kilometres(text: str) -> None:
    assert cells.mileage(text) == cells.Cell(52_000)


def test_a_mileage_below_the_last_one_is_taken_and_flagged() -> None:
    read = cells.mileage("5.2万", last=53_000)
    assert (read.value, read.warning is not None) == (52_000, True)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥1,280.00", 128_000),
        ("1280元", 128_000),
        ("１２８", 12_800),
        ("￥1，280", 128_000),
        ("0", 0),
    ],
)
def test_money_is_whole_fen(text: str, fen: int) -> None:
    assert cells.money_fen(text) == cells.Cell(fen)


@pytest.mark.parametrize(
    ("text", "fen"), [("(50)", -5_000), ("-50", -5_000), ("12.345", 1_235), ("0.9999", 100)]
)
def test_money_that_is_negative_or_finer_than_a_fen_is_flagged(text: str, fen: int) -> None:
    read = cells.money_fen(text)
    assert (read.value, read.warning is not None) == (fen, True)


# ---- formulas and nothing


@pytest.mark.parametrize("text", ["=1+1", "@x", "=cmd|'/c calc'!A1"])
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    assert cells.text(text).value == text
    assert _rows(f'姓名,手机\n"{text}",1\n'.encode())[0][0] == text


def test_a_formula_of_a_workbook_is_never_run() -> None:
    book = openpyxl.Workbook()
    for row in (["姓名", "手机"], ["=1+1", "1"]):
        book.active.append(row)
    # No spreadsheet has computed it, so it shows nothing.
    assert _rows(_saved(book), "a.xlsx") == [("", "1")]


@pytest.mark.parametrize("text", ["#N/A", "NULL", "-", "无", "", "  ", "nan", "\u200b"])
def test_what_says_nothing_is_empty(text: str) -> None:
    read = [cells.text(text), cells.whole(text), cells.money_fen(text), cells.mileage(text)]
    assert read == [cells.Cell()] * 4


def test_no_is_something_where_yes_or_no_is_asked() -> None:
    assert [cells.yes_no(text).value for text in ("是", "无", "0", "√", "")] == [
        True, False, False, True, None,
    ]  # fmt: skip


def test_an_unknown_word_of_a_list_is_refused_and_named() -> None:
    energy = {"汽油": "petrol", "油": "petrol", "纯电": "electric", "ev": "electric"}
    assert cells.choice(" E V ", energy).value == "electric"
    assert cells.choice("核能", energy).refusal == sheets.Words(
        "“%(text)s” is not known here.", {"text": "核能"}
    )


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
