"""Workbooks (.xlsx), read row by row and never calculated.

What is packed is measured before it is unpacked, and no row may be larger than any table's.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import IO, Any, BinaryIO

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet

from workshop.errors import N_
from workshop.sheets import worksheets
from workshop.sheets.headers import LOOKED_AT, find_header
from workshop.sheets.sniffing import MEGABYTE
from workshop.sheets.words import Unreadable, Words
from workshop.sheets.worksheets import Book

# Styles, checks and dates that it does not know are no business of who reads a table.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

# 100,000 cars with twenty columns unpack to about 120 MB, a hundredth of it when packed.
_LARGEST_SHEET = 400 * MEGABYTE
_LARGEST_STRINGS = 120 * MEGABYTE
_LARGEST_OTHER = 20 * MEGABYTE
_LARGEST_TOGETHER = 600 * MEGABYTE
_MOST_PARTS = 2000
# Rows of a table pack to a tenth; what packs to less than a hundredth was made to burst.
_TIGHTEST, _TIGHT_FROM = 120, 20 * MEGABYTE


@dataclass(frozen=True)
class _Sheet:
    title: str
    path: str
    is_shown: bool


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
            self._archive = reader.archive
            self._book, sheets = _open(reader)
            self.epoch: date = self._book.epoch.date()
            self._path = self._choose(sheets, known)

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is there with its number; a cell is text as its owner sees it."""
        with _Broken():
            yield from self._rows(self._path)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _rows(self, path: str) -> Generator[tuple[int, list[str]], None, None]:
        with self._archive.open(path) as stream:
            yield from worksheets.read_rows(stream, self._book)

    def _choose(self, sheets: Sequence[_Sheet], known: Set[str]) -> str:
        shown = [each for each in sheets if each.is_shown] or sheets
        if not shown:
            raise Unreadable(N_("The workbook has no sheet with a table."))
        fits = [self._fit(each, known) for each in shown]
        best = max(range(len(shown)), key=lambda each: (fits[each], -each))
        chosen = shown[best]
        others = [
            each.title
            for each, fit in zip(shown, fits, strict=True)
            if fit > (0, 0) and each is not chosen
        ]
        if others:
            self.told.append(
                Words(
                    N_("The sheet “%(sheet)s” is read. Not read: %(others)s."),
                    {"sheet": chosen.title, "others": others},
                )
            )
        return chosen.path

    def _fit(self, sheet: _Sheet, known: Set[str]) -> tuple[int, int]:
        """How many of the known names a sheet has near its top, and whether it has anything."""
        with closing(self._rows(sheet.path)) as rows:
            head = [cells for _, cells in islice(rows, LOOKED_AT)]
        found = find_header(head, known)
        return (found.matches, 1) if found else (0, 0)


def _open(reader: Any) -> tuple[Book, list[_Sheet]]:
    """What the library reads of a workbook: its texts, styles and sheets, but no row of them."""
    plainly = reader.archive.open
    reader.archive.open = _guarded(plainly)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    sheets = [
        _Sheet(sheet.name, rel.target, sheet.state == "visible")
        for sheet, rel in reader.parser.find_sheets()
        if rel.target in reader.valid_files and rel.Type.endswith("/worksheet")
    ]
    reader.archive.open = plainly
    book = reader.wb
    dates, spans = set(book._date_formats), set(book._timedelta_formats)
    return Book(reader.shared_strings, dates, spans, book.epoch), sheets


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


def _guarded(opens: Callable[..., IO[bytes]]) -> Callable[..., _Texts]:
    """Open parts of an archive so that no single text of them can fill the memory."""
    return lambda name, *more: _Texts(opens(name, *more))


class _Texts:
    """The bytes of the shared texts, as long as one ends now and then; others are small anyway."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._since, self._tail = 0, b""

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        seen = self._tail + piece
        end = seen.rfind(b"si>")
        self._since = len(seen) - end if end >= 0 else self._since + len(piece)
        self._tail = seen[-2:]
        if self._since > _LARGEST_OTHER:
            raise Unreadable(N_("A row of the workbook is too large for a table."))
        return piece

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Texts:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
