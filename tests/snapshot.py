"""The whole database in digests, to see what an act has changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import text

from workshop import db

# Who acts has signed in for it; that is no part of the act.
_NOT_THE_ACT = frozenset({"sign_in"})


def take() -> dict[str, str]:
    """Every table with the digest of all that is in it."""
    seen = {}
    for table in db.Model.metadata.sorted_tables:
        if table.name in _NOT_THE_ACT:
            continue
        keys = ", ".join(str(place) for place, _ in enumerate(table.primary_key.columns, start=1))
        rows = db.session.execute(text(f'SELECT * FROM "{table.name}" ORDER BY {keys}')).all()
        seen[table.name] = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    db.rollback()
    return seen


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables that are not as they were."""
    return {name for name in before if before[name] != after[name]}
