"""Workbooks (.xlsx), read row by row and never calculated.

What is packed is measured before it is unpacked, and no row may be larger than any table's.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator, Set
from datetime import date, datetime, time, timedelta
from typing import IO, Any, BinaryIO

from openpyxl.reader.excel import ExcelReader

from workshop.errors import N_
from workshop.sheets.headers import LOOKED_AT, find_header
from workshop.sheets.sniffing import MEGABYTE
from workshop.sheets.words import Unreadable, Words

# Styles, checks and dates that it does not know are no business of who reads a table.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

# 100,000 cars with twenty columns unpack to about 120 MB, a hundredth of it when packed.
_LARGEST_SHEET = 400 * MEGABYTE
_LARGEST_STRINGS = 120 * MEGABYTE
_LARGEST_OTHER = 20 * MEGABYTE
_LARGEST_TOGETHER = 600 * MEGABYTE
_MOST_PARTS = 2000
_LAST_ROW = 1_048_576
# Rows of a table pack to a tenth; what packs to less than a hundredth was made to burst.
_TIGHTEST, _TIGHT_FROM = 120, 20 * MEGABYTE
_LARGEST_ROW = 10 * MEGABYTE
# A spreadsheet keeps fifteen digits of a number, so from here on the last ones are lost.
_FIRST_LOST = 10**15


class WorkbookTable:
    """One sheet of a workbook: the one that has most of the known names."""

    encoding = "xlsx"
    delimiter = ""

    def __init__(self, file: BinaryIO, known: Set[str]) -> None:
        """Open the workbook; raises Unreadable for what is no harmless workbook."""
        self.told: list[Words] = []
        with _Broken():
            _measure(file)
            file.seek(0)
            reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            reader.archive.open = _guarded(reader.archive.open)
            reader.read()
            self._book = reader.wb
            self.epoch: date = self._book.epoch.date()
            self._sheet = self._choose(known)

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number; a cell is text as its owner sees it."""
        # What a file says of its own size is often wrong.
        self._sheet.reset_dimensions()
        with _Broken():
            for line, row in enumerate(self._sheet.iter_rows(values_only=True), 1):
                if line > _LAST_ROW:
                    raise Unreadable(N_("The workbook has more rows than a workbook can have."))
                yield line, [as_text(value) for value in row]

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def _choose(self, known: Set[str]) -> Any:
        sheets = [each for each in self._book.worksheets if hasattr(each, "reset_dimensions")]
        shown = [each for each in sheets if each.sheet_state == "visible"] or sheets
        if not shown:
            raise Unreadable(N_("The workbook has no sheet with a table."))
        fits = [self._fit(each, known) for each in shown]
        best = max(range(len(shown)), key=lambda each: (fits[each], -each))
        others = [each.title for each, fit in zip(shown, fits, strict=True) if fit != (0, 0)]
        chosen = shown[best]
        if rest := [title for title in others if title != chosen.title]:
            self.told.append(
                Words(
                    N_("The sheet “%(sheet)s” is read. Not read: %(others)s."),
                    {"sheet": chosen.title, "others": rest},
                )
            )
        return chosen

    def _fit(self, sheet: Any, known: Set[str]) -> tuple[int, int]:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=LOOKED_AT, values_only=True)
        found = find_header([[as_text(value) for value in row] for row in rows], known)
        return (found.matches, 1) if found else (0, 0)


def as_text(value: Any) -> str:
    """What a cell shows: 13800138000, 0.1, 2026-01-05, 2026-01-05 08:30.

    A number of more digits than a spreadsheet keeps is written as it is known, 1.23457E+16: what
    is lost is not made up.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_as_text(value)
    if isinstance(value, datetime):
        return _moment_as_text(value)
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return _span_as_text(value) if isinstance(value, timedelta) else str(value)


def _number_as_text(number: int | float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    if abs(number) >= _FIRST_LOST:
        return f"{number:.15G}"
    if number == int(number):
        return str(int(number))
    text = f"{number:.15g}"
    return f"{number:.15f}".rstrip("0") if "e" in text else text


def _moment_as_text(moment: datetime) -> str:
    # Half a second is what a spreadsheet's fraction of a day is wrong by.
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def _span_as_text(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    return f"{hours}:{rest // 60:02}"


class _Broken:
    """Says in words that a workbook is damaged, however the library found out.

    It raises nearly everything for a file that is cut off or was made by hand.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, Unreadable):
            raise Unreadable(
                N_(
                    "The workbook is damaged or cut off. Open it in your spreadsheet program, "
                    "save it again as .xlsx and try once more."
                )
            ) from error


def _measure(file: BinaryIO) -> None:
    """Refuse what would burst when it is unpacked, what has macros, and what is no workbook."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if not names & {"xl/workbook.xml", "xl/workbook2.xml"}:
        raise Unreadable(N_("This archive holds no workbook. Save the table as .xlsx or CSV."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable(
            N_("The workbook has macros, which are never run here. Save it as .xlsx without them.")
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(
            N_("The workbook has a password. Open it, save it without one, and try again.")
        )
    together = sum(part.file_size for part in parts)
    is_bomb = len(parts) > _MOST_PARTS or together > _LARGEST_TOGETHER
    if is_bomb or any(_bursts(part) for part in parts):
        raise Unreadable(
            N_(
                "Unpacked, the workbook would be too large to read. Save the table as CSV, or "
                "split it into parts."
            )
        )


def _bursts(part: zipfile.ZipInfo) -> bool:
    name, size = part.filename.lower(), part.file_size
    is_tight = size > _TIGHT_FROM and size > _TIGHTEST * max(part.compress_size, 1)
    if name.startswith("xl/worksheets/"):
        return is_tight or size > _LARGEST_SHEET
    if "sharedstrings" in name:
        return is_tight or size > _LARGEST_STRINGS
    # Pictures are never unpacked; everything else is read whole.
    return name.endswith((".xml", ".rels")) and size > _LARGEST_OTHER


def _guarded(opens: Callable[..., IO[bytes]]) -> Callable[..., _Rows]:
    """Open parts of an archive so that no single row of them can fill the memory."""
    return lambda name, *more: _Rows(opens(name, *more))


class _Rows:
    """The bytes of a sheet, as long as rows end now and then."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._since, self._tail = 0, b""

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        seen = self._tail + piece
        end = max(seen.rfind(b"row>"), seen.rfind(b"si>"))
        self._since = len(seen) - end if end >= 0 else self._since + len(piece)
        self._tail = seen[-3:]
        if self._since > _LARGEST_ROW:
            raise Unreadable(N_("A row of the workbook is too large for a table."))
        return piece

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
