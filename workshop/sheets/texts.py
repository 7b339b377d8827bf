"""Tables as text: which encoding, which separator, and one record after the other.

An encoding is told by its mark, else it is UTF-8 where every character is, else GB18030, which the
old systems of Chinese shops write. Excel and WPS write the mark; nothing else can be sure.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import BinaryIO

from workshop.errors import N_
from workshop.sheets.headers import LOOKED_AT, find_header
from workshop.sheets.sniffing import MEGABYTE
from workshop.sheets.words import Unreadable

DELIMITERS = (",", "\t", ";", "，")
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A longer line is no table, and would fill the memory before anybody can say so.
_LONGEST_LINE = 1_000_000
# So much of a file is looked at for its separator.
_SAMPLE = 200_000
_LONGEST_LOOKED_AT = 4000
_OPEN_QUOTE = "\0open\0"
# Excel tells itself the separator in a first line of its own.
_SEPARATOR = re.compile(r"sep=.?$", re.IGNORECASE)
# A text that begins so is a formula to a spreadsheet, which is told by a quote that it is none.
GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


@dataclass
class TextTable:
    """A file of text that is read record by record, as often as asked."""

    file: BinaryIO
    encoding: str
    delimiter: str
    # Without a bad sign in the file, one that cannot be read would be a fault of ours.
    is_sure: bool = True

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line on which it begins; line breaks in quotes stay in it."""
        self.file.seek(0)
        # The file stays open for the next time: it is only lent to the wrapper.
        text = io.TextIOWrapper(
            self.file, self.encoding, errors="strict" if self.is_sure else "replace", newline=""
        )
        try:
            yield from self._read(text)
        except UnicodeDecodeError as error:
            raise _unreadable_signs() from error
        finally:
            text.detach()

    def _read(self, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(_lines(text), delimiter=self.delimiter)
        line = 1
        try:
            for record in reader:
                if record == [_OPEN_QUOTE]:
                    return
                if record and _OPEN_QUOTE in record[-1]:
                    raise _open_quote(line)
                if line > 1 or not _SEPARATOR.match("".join(record)):
                    yield line, [each[1:] if GUARDED.match(each) else each for each in record]
                line = reader.line_num + 1
        except csv.Error as error:
            raise _open_quote(line) from error


def open_text(
    file: BinaryIO, known: Set[str], encoding: str | None, delimiter: str | None
) -> TextTable:
    """The table of a file of text; what is not given is found out.

    Raises Unreadable when it has no encoding that we know.
    """
    found = encoding or _find_encoding(file)
    table = TextTable(file, found, ",", is_sure=encoding is None)
    table.delimiter = delimiter or _find_delimiter(table, known)
    return table


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines, and one more that tells whether the last quote was closed."""
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        ends = line.endswith(("\n", "\r"))
        if len(line) >= _LONGEST_LINE and not ends:
            raise Unreadable(N_("Line %(line)s is too long for a table."), line=number)
        yield line if ends else line + "\n"
    yield _OPEN_QUOTE


def _open_quote(line: int) -> Unreadable:
    return Unreadable(
        N_(
            "A quotation mark that opens on line %(line)s never closes: either the file was cut "
            "off, or the mark is a slip. Put it right and read the file again."
        ),
        line=line,
    )


def _unreadable_signs() -> Unreadable:
    return Unreadable(
        N_(
            "Some signs of the file are neither UTF-8 nor GB18030: it may be cut off. Choose the "
            "encoding yourself, or save the table as “CSV UTF-8”."
        )
    )


def _find_encoding(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _is_written_in(file, encoding):
            return encoding
    raise _unreadable_signs()


def _is_written_in(file: BinaryIO, encoding: str) -> bool:
    """Whether every byte of the file is text in this encoding; it is read in pieces.

    Raises Unreadable when only the last character is not whole: then the file was cut off, and
    another encoding would make nonsense of it.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    try:
        while piece := file.read(MEGABYTE):
            decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    if decoder.getstate()[0]:
        raise Unreadable(N_("The file ends in the middle of a character: it was cut off."))
    return True


def _find_delimiter(table: TextTable, known: Set[str]) -> str:
    """The separator by which most known names stand apart, else the one that is there most."""
    table.file.seek(0)
    sample = table.file.read(_SAMPLE).decode(table.encoding, errors="replace")
    lines = [line[:_LONGEST_LOOKED_AT] for line in sample.splitlines()[:LOOKED_AT]]
    counted = Counter(sign for line in lines for sign in line if sign in DELIMITERS)

    def fit(delimiter: str) -> tuple[int, int]:
        header = find_header(list(csv.reader(lines, delimiter=delimiter)), known)
        return (header.matches if header else 0), counted[delimiter]

    return max(DELIMITERS, key=fit)
