"""Owners and joined records; what cannot be seen is no part of a plate, VIN or name."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection

from workshop.migrations import changing

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What has no look, and odd blanks. In a plate also what is neither letter nor digit of ASCII.
UNSEEN = (
    ("\x01", "\x1f"),
    ("\x7f", "\xa0"),
    ("\xad", "\xad"),
    ("\u034f", "\u034f"),
    ("\u061c", "\u061c"),
    ("\u115f", "\u1160"),
    ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"),
    ("\u2000", "\u200f"),
    ("\u2028", "\u202f"),
    ("\u205f", "\u206f"),
    ("\u2800", "\u2800"),
    ("\u3164", "\u3164"),
    ("\ufe00", "\ufe0f"),
    ("\ufeff", "\ufeff"),
    ("\uffa0", "\uffa0"),
    ("\ufff0", "\ufffb"),
)
NO_SIGN = (("\x01", "/"), (":", "@"), ("[", "\xbf"), ("\u2000", "\u206f"), ("\uff01", "\uff5e"))
UNPLAIN = {
    "vehicle": (
        ("plate", (*UNSEEN, *NO_SIGN, ("\u3000", "\u3000"))),
        ("vin", (("\x01", "/"), (":", "@"), ("[", "\uffff"))),
    ),
    "customer": (("name", UNSEEN), ("phone", (*UNSEEN, (" ", " "), ("\uff01", "\uff5e")))),
}


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    for table in UNPLAIN:
        changing.run(connection, _merged_into(table))
        for statement in _guards(connection, table):
            changing.run(connection, statement)


def _merged_into(table: str) -> str:
    name = f"fk_{table}_merged_into_id"
    return (
        f"ALTER TABLE {table} ADD COLUMN merged_into_id INTEGER "
        f"CONSTRAINT {name} REFERENCES {table} (id)"
    )


def _guards(connection: Connection, table: str) -> list[str]:
    columns = ", ".join(column for column, _ in UNPLAIN[table])
    if connection.dialect.name == "postgresql":
        found = " OR ".join(f"NEW.{name} ~ '[{_listed(signs)}]'" for name, signs in UNPLAIN[table])
        return [
            f"CREATE TRIGGER {table}_plain BEFORE INSERT OR UPDATE OF {columns} ON {table} "
            f"FOR EACH ROW WHEN ({found}) EXECUTE FUNCTION refuse_unplain()"
        ]
    found = " OR ".join(
        f"NEW.{name} GLOB '*[' || char({_numbers(signs)}) || ']*'" for name, signs in UNPLAIN[table]
    )
    return [
        f"CREATE TRIGGER {table}_plain_{verb} BEFORE {event} ON {table} WHEN {found} "
        f"BEGIN SELECT RAISE(ABORT, 'plain:{table}'); END"
        for verb, event in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}"))
    ]


def _listed(signs: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"\\u{ord(first):04x}-\\u{ord(last):04x}" for first, last in signs)


def _numbers(signs: tuple[tuple[str, str], ...]) -> str:
    # From, hyphen, to: the first of all is no sign that a class of GLOB reads otherwise.
    return ", ".join(f"{ord(first)}, 45, {ord(last)}" for first, last in signs)
