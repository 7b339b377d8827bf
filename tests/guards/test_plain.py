"""What cannot be seen is no part of a plate, VIN, name or phone, whatever writes it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.databases import Database
from tests.guards.rows import put_apart, refuses, rolled_back
from workshop.db import session

_UNSEEN = "\u200b\ufeff\xad\u202e\u2800\u3164\ufe0f\x1b\xa0\u2003"
TRIED = {
    ("vehicle", "plate"): ("粤B12345", _UNSEEN + " -·ａb．\u3000"),
    ("vehicle", "vin"): ("LVSHCAMB1KE100001", _UNSEEN + " -aＡ中"),
    ("customer", "name"): ("深圳（集团） Ltd. 公司", _UNSEEN),
    ("customer", "phone"): ("+85291234567-801", _UNSEEN + " １"),
    ("customer_contact", "name"): ("李师傅 (二队)", _UNSEEN),
    ("customer_contact", "phone"): ("+85291234567-801", _UNSEEN + " １"),
}


@pytest.mark.parametrize("place", TRIED, ids=".".join)
def test_an_unplain_text_is_refused(
    database: Database, place: tuple[str, str], subtests: pytest.Subtests
) -> None:
    (table, column), (plain, signs) = place, TRIED[place]
    with rolled_back():
        row = put_apart(table)
        change = f"UPDATE {table} SET {column} = '%s' WHERE id = {row}"
        session.execute(text(change % plain))
        for sign in signs:
            with subtests.test(f"{ord(sign):x}"):
                refuses(change % (plain[:-2] + sign), f"plain:{table}")
