"""Personal data that is known again wherever it appears."""

from __future__ import annotations

import re
from enum import Enum

import sqlalchemy as sa

from tests import twin
from workshop import db
from workshop.db import session


class Kind(Enum):
    """A kind of personal data, as it reads when it is shown whole."""

    PHONE = r"1387777\d{4}"
    ADDRESS = r"暗访路\d+号"
    CREDIT_CODE = r"91310000MASECRET\d{2}"
    VIN = r"LSECRET\d{10}"
    NAME = r"慕容测\d+"
    # With the dot or without it; what a screen shows of it has three dots in the middle.
    PLATE = r"沪[ZY] ?·? ?0\d{4}"


# Our own: what a shop prints on its letterhead, and what its people and suppliers can be called by.
_OURS = frozenset({"branch", "user", "supplier"})
# A car's own plate, and the one of it that something of its own keeps.
_PLATES = {("vehicle", "plate"): "Z", ("plate_change", "plate"): "Y"}
_NAMES = ("bringer_name", "signer_name", "collector_name", "contact_name")


def mark() -> None:
    """Give each customer and car of a filled shop such data."""
    session.flush()
    with twin.asleep_guards():
        for table in db.Model.metadata.sorted_tables:
            for column in table.columns:
                value = _value(table.name, column.name)
                if value is not None and table.name not in _OURS:
                    session.execute(
                        sa.text(
                            f'UPDATE "{table.name}" SET "{column.name}" = {value} '
                            f'WHERE "{column.name}" IS NOT NULL AND "{column.name}" <> \'\''
                        )
                    )
        session.execute(
            sa.text(
                "UPDATE customer SET address = '暗访路' || id || '号', credit_code = "
                "'91310000MASECRET' || printf('%02d', id % 100)"
            )
        )
        session.execute(sa.text("UPDATE vehicle SET vin = 'LSECRET' || printf('%010d', id)"))
    db.commit()
    session.expire_all()


def _value(table: str, column: str) -> str | None:
    if column.endswith("phone"):
        return "'1387777' || printf('%04d', id)"
    if column in _NAMES or (table, column) == ("customer", "name"):
        return "'慕容测' || id"
    if column.endswith("plate"):
        return f"'沪{_PLATES.get((table, column), 'Y')}' || printf('%05d', id)"
    return None


def found_in(text: str) -> set[Kind]:
    """The kinds that a text shows whole."""
    return {kind for kind in Kind if re.search(kind.value, text)}
