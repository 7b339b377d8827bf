"""The words by which records are found, cut beforehand from the records' own texts."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model

LONGEST = 32


class Kind(StrEnum):
    """What a word is cut from, and so whose id stands beside it."""

    # From any sign to the end of the text.
    PLATE = "plate"
    NAME = "name"
    PERSON = "person"
    OFFER = "offer"
    BIN = "bin"
    DOCUMENT = "document"
    PURCHASE = "purchase"
    # Numbers from any sign, names from the beginning of a word or a Chinese sign.
    PART = "part"
    # The whole text.
    INITIALS = "initials"
    # The last signs alone.
    VIN = "vin"
    PHONE = "phone"
    PERSON_PHONE = "person_phone"


# So many signs are kept of what is found by its end.
ENDS = {Kind.VIN: 4, Kind.PHONE: 3, Kind.PERSON_PHONE: 3}


def _text(length: int) -> sa.types.TypeEngine[str]:
    # In the order of the signs' codes on both engines: then a beginning is a range.
    plain = sa.String(length)
    return plain.with_variant(sa.String(length, collation="C"), "postgresql")


class SearchWord(Model):
    """A text from one of its signs on: what contains a word has one that begins with it.

    Triggers of the database write it with each record, and nothing else does. So every import,
    merge, erasure and change by hand keeps it true.
    """

    kind: Mapped[str] = mapped_column(_text(12), primary_key=True)
    word: Mapped[str] = mapped_column(_text(LONGEST), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = {"sqlite_with_rowid": False}
