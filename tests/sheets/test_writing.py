"""What is written is read again as it was, and never runs in a spreadsheet."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import sheets
from workshop.sheets.writing import Format

# All that a spreadsheet can keep: no controls, no halves of a pair, and line ends of one kind.
_signs = st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], include_characters="\n\t")
_texts = st.text(_signs, max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "''@x", "+86", "-5", "@x", "\t=1", "a;b", 'a"b', "张三,李四", "＝１", "'x"]
)


def _written(kind: Format, header: list[str], rows: list[list[sheets.Value]]) -> bytes:
    file = io.BytesIO()
    sheets.write(file, kind, header, rows, "客户/车辆")
    return file.getvalue()


def _read(source: bytes, kind: Format) -> list[tuple[str, ...]]:
    with sheets.read(source, f"a.{kind}", known={"姓名", "备注", "手机"}) as sheet:
        assert sheet.header == ("姓名", "手机", "备注")
        return [row.cells for row in sheet.rows()]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@given(rows=st.lists(st.tuples(_texts, _texts, _texts), max_size=6))
def test_each_text_comes_back_as_it_was(kind: Format, rows: list[tuple[str, str, str]]) -> None:
    # The first column is filled: a row of nothing is none, and a total is passed over.
    rows = [(f"行{first}", second, third) for first, second, third in rows]
    read = _read(_written(kind, ["姓名", "手机", "备注"], [list(row) for row in rows]), kind)
    # What stands at the end of a row and has no look is no cell.
    assert read == [(one, two, three if three.strip() else "") for one, two, three in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_numbers_and_dates_come_back_as_they_are_shown(kind: Format) -> None:
    at = datetime.fromisoformat("2026-01-05 08:30")
    row: list[sheets.Value] = [13800138000, Decimal("12.50"), at, at.date(), True, None, "x"]
    source = _written(kind, list("abcdefg"), [row])
    with sheets.read(source, f"a.{kind}") as sheet:
        (read,) = sheet.rows()
    price = "12.50" if kind == "csv" else "12.5"
    assert read.cells == ("13800138000", price, "2026-01-05 08:30", "2026-01-05", "TRUE", "", "x")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1+1"])
def test_no_text_begins_like_a_formula_in_csv(text: str) -> None:
    lines = _written("csv", ["姓名"], [[text]]).decode("utf-8-sig").split("\r\n")
    assert lines[1].startswith("\"'")


def test_a_formula_is_a_text_in_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_written("xlsx", ["=A1"], [["=1+1"]])))
    assert [cell.data_type for row in book.active.iter_rows() for cell in row] == ["s", "s"]


def test_a_workbook_has_types_a_bold_head_that_stays_and_columns_wide_enough() -> None:
    source = _written(
        "xlsx", ["姓名", "金额", "日期"], [["张三丰李四王五赵六", 12, date(2026, 1, 5)]]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(source)).active
    assert sheet.title == "客户 车辆"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert (sheet["B2"].value, sheet["B2"].data_type) == (12, "n")
    assert (sheet["C2"].value, sheet["C2"].is_date) == (datetime.fromisoformat("2026-01-05"), True)
    assert sheet.column_dimensions["A"].width >= 18


def test_csv_opens_in_excel_with_its_characters_whole() -> None:
    assert _written("csv", ["姓名"], []).startswith(b"\xef\xbb\xbf")


def test_what_no_spreadsheet_can_keep_is_left_out() -> None:
    source = _written("xlsx", ["a"], [["x\x01y" + "z" * 40_000]])
    text = openpyxl.load_workbook(io.BytesIO(source)).active["A2"].value
    assert text == "xy" + "z" * 32_765
