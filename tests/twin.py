"""A second branch that looks like the first: every record of the first one, copied.

Its people, cars, orders, stock and money differ only by a mark, so whatever forgets to ask for
the branch shows the mark, or counts and adds up too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests import words
from workshop import db
from workshop.db import session

# Ends each name, and stands where the first branch's plates have their province.
MARK = "贰"
PROVINCE = "浙"
# The middle of each number, as the numbers of a second branch have it.
NUMBER = "-2-"
CODE = "twin"

# So far above the first branch's keys that no number of one looks like one of the other.
_KEYS = 7_000_000
_TIMES = 7
# What a group's branches share, and what no page shows.
_SHARED = frozenset(
    {"branch", "part", "part_kind", "part_price", "part_supplier", "skill", "role", "supplier"}
    | {"operation", "operation_part", "package", "package_item", "package_price"}
    | {"checklist", "checklist_version", "checklist_item"}
)
_NOT_SHOWN = frozenset({"audit_entry", "applied_action", "search_word"})
_NAMES = frozenset({"name", "display_name", "bringer_name", "signer_name", "concern", "words"})
_UNIQUE = frozenset({"username", "fs_uniquifier", "client_id", "token_hash", "pairing_code", "vin"})


def fill(first: int = 1) -> int:
    """Copy the branch into a new one, guards asleep meanwhile; the new branch's id is returned."""
    session.flush()
    with asleep_guards():
        session.execute(sa.text(_copy_branch()), {"first": first, "code": CODE})
        twin = session.scalar(sa.text("SELECT id FROM branch WHERE code = 'twin'"))
        assert isinstance(twin, int)
        for table in db.Model.metadata.sorted_tables:
            if table.name not in _SHARED | _NOT_SHOWN:
                session.execute(sa.text(_copy(table, first, twin)))
    session.expire_all()
    return twin


def _copy_branch() -> str:
    table = db.Model.metadata.tables["branch"]
    kept = [column.name for column in table.columns if column.name not in ("id", "code", "name")]
    names = ", ".join(f'"{name}"' for name in kept)
    return (
        f"INSERT INTO branch (id, code, name, {names}) "
        f"SELECT (SELECT max(id) + 1 FROM branch), :code, name || '{MARK}', {names} "
        f"FROM branch WHERE id = :first"
    )


def _copy(table: sa.Table, first: int, twin: int) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column, twin) for column in table.columns)
    of_first = f" WHERE branch_id = {first}" if "branch_id" in table.columns else ""
    return f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM "{table.name}"{of_first}'


def _value(column: sa.Column[object], twin: int) -> str:
    name = f'"{column.name}"'
    if column.name == "branch_id":
        return str(twin)
    if _is_key(column):
        return f"{name} + {_KEYS}"
    if column.name == "subject":
        return f"{name} || '/2'"
    if column.name == "no":
        return f"replace({name}, '-', '{NUMBER}')"
    if "plate" in column.name:
        return f"replace(replace({name}, '沪', '{PROVINCE}'), '粤', '{PROVINCE}')"
    if column.name in _UNIQUE:
        return f"'Z' || substr({name}, 2)"
    if column.name in _NAMES:
        return f"{name} || '{MARK}'"
    if column.name.endswith("_fen"):
        return f"{name} * {_TIMES}"
    return name


def _is_key(column: sa.Column[object]) -> bool:
    targets = {key.column.table.name for key in column.foreign_keys if key.column.name == "id"}
    if column.foreign_keys:
        return bool(targets) and not targets & _SHARED
    # A hand-over and hours that are kept name records of many kinds by their number.
    return column.name in ("id", "record_id", "source_id")


@contextmanager
def asleep_guards() -> Iterator[None]:
    """The copies are as right as the records they are made from; nobody has to check them.

    On SQLite only: PostgreSQL lets nobody but a superuser put its triggers to sleep.
    """
    found = session.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    for name, _ in found:
        session.execute(sa.text(f'DROP TRIGGER "{name}"'))
    yield
    words.cut_again(session.connection())
    for _, statement in found:
        session.connection().exec_driver_sql(statement)
