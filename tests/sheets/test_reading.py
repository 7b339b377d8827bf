"""Tables as they are meant to be: many rows in little memory, several sheets, pasted text."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl

from workshop import sheets

KNOWN = {"姓名", "手机", "车牌"}


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_sheet_with_the_known_names_is_read_and_the_others_are_told() -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请按格式填写", "x", "y", "z"])
    book.create_sheet("空白")
    cars = book.create_sheet("车辆")
    for row in (["姓名", "车牌"], ["张三", "粤B12345"]):
        cars.append(row)
    hidden = book.create_sheet("旧")
    hidden.append(["姓名", "手机", "车牌"])
    hidden.sheet_state = "hidden"
    with sheets.read(_saved(book), "a.xlsx", known=KNOWN) as sheet:
        assert [row.cells for row in sheet.rows()] == [("张三", "粤B12345")]
        assert [str(said) for said in sheet.told] == [
            "The sheet “车辆” is read. Not read: ['说明']."
        ]


def test_a_line_of_a_workbook_is_the_row_its_owner_sees() -> None:
    book = openpyxl.Workbook()
    book.active["B4"], book.active["C4"] = "姓名", "车牌"
    book.active["B9"], book.active["C9"] = "张三", "粤B12345"
    with sheets.read(_saved(book), "a.xlsx", known=KNOWN) as sheet:
        assert sheet.header == ("", "姓名", "车牌")
        assert sheet.header_line == 4
        assert [(row.line, row.cells) for row in sheet.rows()] == [(9, ("", "张三", "粤B12345"))]


def test_a_workbook_as_excel_writes_it_keeps_its_texts_apart() -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "车牌"])
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = "".join(f"<si><t>{text}</t></si>" for text in ("姓名", "车牌", "张三"))
    rows = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c></row>'
    override = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_saved(book))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "[Content_Types].xml":
                text = text.replace("</Types>", override)
            if name == "xl/worksheets/sheet1.xml":
                text = f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>"
            new.writestr(name, text)
        new.writestr("xl/sharedStrings.xml", f"<sst {main}>{strings}</sst>")
    with sheets.read(made.getvalue(), "a.xlsx", known=KNOWN) as sheet:
        assert sheet.header == ("姓名", "车牌")
        assert [row.cells for row in sheet.rows()] == [("张三", "")]


def test_what_is_pasted_from_a_spreadsheet_is_a_table() -> None:
    pasted = "姓名\t手机\n张三\t13800138000\n".encode()
    with sheets.read(pasted, "pasted", known=KNOWN) as sheet:
        assert sheet.delimiter == "\t"
        assert [row.cells for row in sheet.rows()] == [("张三", "13800138000")]


def test_without_a_known_name_the_first_full_row_names_the_columns() -> None:
    source = "报表\na,b,c\n1,2,3\n4,5,6,7\n".encode()
    with sheets.read(source, "a.csv", known=KNOWN) as sheet:
        assert sheet.header == ("a", "b", "c")
        assert [row.cells for row in sheet.rows()] == [("1", "2", "3"), ("4", "5", "6", "7")]


def test_a_separator_can_be_chosen() -> None:
    with sheets.read(b"a|b\n1|2\n", "a.csv", delimiter="|") as sheet:
        assert [row.cells for row in sheet.rows()] == [("1", "2")]


def test_twenty_thousand_rows_take_no_more_memory_than_two_hundred(tmp_path: Path) -> None:
    def most(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("wb") as file:
            sheets.write(
                file, "csv", ["姓名", "车牌"], ([f"名{n}", f"粤B{n}"] for n in range(rows))
            )
        tracemalloc.start()
        with sheets.read(path, path.name, known=KNOWN) as sheet:
            assert sum(1 for _ in sheet.rows()) == rows
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert most(20_000) < most(200) + 2_500_000
