"""What kind of file it is, by its first signs: its name only tells how it was called.

Each kind that cannot be read is refused with what to do instead, before any of it is unpacked.
"""

from __future__ import annotations

from enum import Enum
from typing import BinaryIO

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.sheets.words import Unreadable

MEGABYTE = 1024 * 1024
LARGEST_FILE = 200 * MEGABYTE


class FileKind(Enum):
    """What is read: text with separators, or a workbook."""

    TEXT = "text"
    WORKBOOK = "workbook"


class OtherKind(LabelledEnum):
    """What people take for a table by mistake."""

    PDF = "pdf", N_("a PDF")
    PICTURE = "picture", N_("a picture")
    ARCHIVE = "archive", N_("a packed archive")
    DATABASE = "database", N_("a database")
    DOCUMENT = "document", N_("a text document")


_HEAD = 4096
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", OtherKind.PDF),
    (b"\x89PNG", OtherKind.PICTURE),
    (b"\xff\xd8\xff", OtherKind.PICTURE),
    (b"GIF8", OtherKind.PICTURE),
    (b"RIFF", OtherKind.PICTURE),
    (b"Rar!", OtherKind.ARCHIVE),
    (b"7z\xbc\xaf", OtherKind.ARCHIVE),
    (b"\x1f\x8b", OtherKind.ARCHIVE),
    (b"PK\x05\x06", OtherKind.ARCHIVE),
    (b"SQLite format 3", OtherKind.DATABASE),
    (b"{\\rtf", OtherKind.DOCUMENT),
)
_PAGES = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<head", b"mime-version")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def tell(file: BinaryIO) -> FileKind:
    """What kind of file it is; the file stands at its beginning afterwards.

    Raises Unreadable for a file that is empty, too large or of another kind.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST_FILE:
        raise Unreadable(
            N_("The file has %(size)s MB; at most %(most)s MB are read. Split it into parts."),
            size=-(-size // MEGABYTE),
            most=LARGEST_FILE // MEGABYTE,
        )
    head = file.read(_HEAD)
    file.seek(0)
    if not head.strip():
        raise Unreadable(N_("The file is empty."))
    if head.startswith(_ZIP):
        return FileKind.WORKBOOK
    if head.startswith(_OLE):
        raise _refuse_old_binary(file)
    _refuse_others(head)
    return FileKind.TEXT


def _refuse_old_binary(file: BinaryIO) -> Unreadable:
    """The old container of office files holds a workbook of before 2007, or a locked one."""
    rest = b""
    while piece := file.read(MEGABYTE):
        if _LOCKED in rest + piece:
            return Unreadable(
                N_("The workbook has a password. Open it, save it without one, and try again.")
            )
        rest = piece[-len(_LOCKED) :]
    return Unreadable(
        N_("This is a workbook of the old kind (.xls). Open it and save it as .xlsx or CSV.")
    )


def _refuse_others(head: bytes) -> None:
    for signs, kind in _OTHERS:
        if head.startswith(signs):
            raise Unreadable(
                N_("This is no table but %(kind)s. Save the table as .xlsx or CSV."), kind=kind
            )
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        raise Unreadable(
            N_(
                "This is a web page that is only called a workbook. Open it in your spreadsheet "
                "program and save it as .xlsx or CSV."
            )
        )
    if b"\0" in head and not head.startswith(_MARKS):
        raise Unreadable(N_("This is no table. Save the table as .xlsx or CSV."))
