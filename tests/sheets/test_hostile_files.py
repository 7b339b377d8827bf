"""What is no table, or was made to do harm: refused in words, at once and within little memory."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import pytest

from workshop import sheets
from workshop.sheets import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def _said(message: str, values: Mapping[str, Any]) -> str:
    """The sentence without its translation."""
    return message % {name: getattr(value, "label", value) for name, value in values.items()}


def _refusal(source: bytes | Path, name: str = "a.xlsx") -> str:
    """The words of the refusal, wherever in reading the file it comes."""
    began = perf_counter()
    with pytest.raises(Unreadable) as refused, sheets.read(source, name) as sheet:
        list(sheet.rows())
    assert perf_counter() - began < 10
    return _said(refused.value.message, refused.value.values)


def _workbook(**parts: bytes) -> bytes:
    """A small workbook; parts of the archive are put in place of its own, `/` written `__`."""
    file, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    book.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        given = {re.sub("__", "/", name).replace("_xml", ".xml"): parts[name] for name in parts}
        for name in old.namelist():
            if name not in given:
                new.writestr(name, old.read(name))
        for name, content in given.items():
            new.writestr(name, content)
    return made.getvalue()


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
    b"</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"%PDF-1.7 \0\1", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"Rar!\x1a\x07", "archive"),
        (b"<html><table><tr><td>1", "web page"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><Workbook>", "web page"),
        (b"\x7fELF\2\1\0\0", "no table"),
        (OLE + "Workbook".encode("utf-16-le"), ".xls"),
        (OLE + b"\0" * 3_000_000 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(source: bytes, words: str) -> None:
    assert words in _refusal(source)


def test_another_archive_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "holds no workbook" in _refusal(file.getvalue())


def test_macros_are_refused() -> None:
    assert "macros" in _refusal(_workbook(**{"xl__vbaProject.bin": b"\0"}), "a.xlsm")


@pytest.mark.parametrize("kept", [200, 2000, 4000])
def test_a_workbook_that_is_cut_off_is_damaged(kept: int) -> None:
    assert "damaged" in _refusal(_workbook()[:kept])


def test_a_sheet_that_ends_in_the_middle_is_damaged() -> None:
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    half = (SHEET % (row * 3))[:-30]
    assert "damaged" in _refusal(_workbook(xl__worksheets__sheet1_xml=half))


def test_a_file_beyond_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    assert "at most 200 MB" in _refusal(large)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = _workbook(xl__worksheets__sheet1_xml=SHEET % (b" " * 100_000_000))
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    words = _refusal(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "too large" in words
    assert most < 5_000_000


def test_a_row_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    cell = b"".join(b'<c t="inlineStr"><is><t>%d</t></is></c>' % (n * n) for n in range(500_000))
    assert "too large" in _refusal(_workbook(xl__worksheets__sheet1_xml=SHEET % (b"<row>" + cell)))


def test_entities_that_multiply_are_refused() -> None:
    lol = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        + SHEET % b'<row><c t="inlineStr"><is><t>&b;</t></is></c></row>'
    )
    assert "damaged" in _refusal(_workbook(xl__worksheets__sheet1_xml=lol))
    assert "damaged" in _refusal(_workbook(xl__styles_xml=lol))


def test_a_row_with_a_number_that_no_workbook_has_is_refused() -> None:
    far = b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>'
    assert "more rows" in _refusal(_workbook(xl__worksheets__sheet1_xml=SHEET % far))


def test_five_thousand_columns_are_refused() -> None:
    row = ",".join(f"c{number}" for number in range(5000)) + "\n"
    assert "5000 columns" in _refusal((row * 3).encode())
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(range(5000)))
    book.save(file)
    assert "5000 columns" in _refusal(file.getvalue())


def test_a_cell_far_to_the_right_that_is_only_coloured_is_no_column() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["姓名"])
    book.active.append(["张三"])
    book.active.cell(2, 5000).font = openpyxl.styles.Font(bold=True)
    book.save(file)
    with sheets.read(file.getvalue(), "a.xlsx") as sheet:
        assert [row.cells for row in sheet.rows()] == [("张三",)]


def test_one_endless_line_is_refused() -> None:
    assert "too long" in _refusal(b"a" * 3_000_000)


@pytest.mark.parametrize("rows", [1, 20_000])
def test_a_quotation_mark_that_never_closes_is_refused_with_its_line(rows: int) -> None:
    source = '姓名,备注\n张三,好\n李四,"坏\n' + "王五,好\n" * rows
    assert "line 3" in _refusal(source.encode(), "a.csv")


def test_a_text_that_is_cut_off_in_a_character_is_refused_and_not_read_as_another_encoding() -> (
    None
):
    assert "cut off" in _refusal("姓名\n张三\n李四".encode()[:-1], "a.csv")


def test_bytes_of_no_encoding_are_refused() -> None:
    assert "encoding" in _refusal("姓名\n".encode() + b"\xff\xfe\xff\x80\n", "a.csv")


def test_a_table_without_a_row_is_a_table() -> None:
    with sheets.read(b"a,b\n", "a.csv") as sheet:
        assert list(sheet.rows()) == []


def test_what_was_opened_is_closed_and_what_was_lent_stays_open(tmp_path: Path) -> None:
    lent = io.BytesIO(b"a,b\n1,2\n")
    with sheets.read(lent, "a.csv") as sheet:
        assert len(list(sheet.rows())) == len(list(sheet.rows())) == 1
    assert not lent.closed
    path = tmp_path / "a.xlsx"
    path.write_bytes(_workbook())
    with sheets.read(path, "a.xlsx") as sheet:
        assert sheet.header == ("姓名",)
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(Unreadable):
        sheets.read(tmp_path / "bad.xlsx", "bad.xlsx")
