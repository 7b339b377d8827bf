"""Persons of a company, who of it may agree, and names as they stood when a paper was signed."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection

from workshop.migrations import changing

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = (
    (
        "vehicle",
        "driver_id INTEGER CONSTRAINT fk_vehicle_driver_id REFERENCES customer_contact (id)",
    ),
    ("quotation", "authority VARCHAR(200) DEFAULT '' NOT NULL"),
    ("take_off", "authority VARCHAR(200) DEFAULT '' NOT NULL"),
)
# What has no look, and odd blanks, in a name; in a number all blanks and full-width signs too.
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
UNPLAIN = (("name", UNSEEN), ("phone", (*UNSEEN, (" ", " "), ("\uff01", "\uff5e"))))


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    for table, column in COLUMNS:
        changing.run(connection, f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in _guards(connection):
        changing.run(connection, statement)


def _guards(connection: Connection) -> list[str]:
    columns = ", ".join(column for column, _ in UNPLAIN)
    if connection.dialect.name == "postgresql":
        found = " OR ".join(f"NEW.{name} ~ '[{_listed(signs)}]'" for name, signs in UNPLAIN)
        return [
            "CREATE TRIGGER customer_contact_plain BEFORE INSERT OR UPDATE "
            f"OF {columns} ON customer_contact "
            f"FOR EACH ROW WHEN ({found}) EXECUTE FUNCTION refuse_unplain()"
        ]
    found = " OR ".join(
        f"NEW.{name} GLOB '*[' || char({_numbers(signs)}) || ']*'" for name, signs in UNPLAIN
    )
    return [
        f"CREATE TRIGGER customer_contact_plain_{verb} BEFORE {event} ON customer_contact "
        f"WHEN {found} BEGIN SELECT RAISE(ABORT, 'plain:customer_contact'); END"
        for verb, event in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}"))
    ]


def _listed(signs: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"\\u{ord(first):04x}-\\u{ord(last):04x}" for first, last in signs)


def _numbers(signs: tuple[tuple[str, str], ...]) -> str:
    # From, hyphen, to: the first of all is no sign that a class of GLOB reads otherwise.
    return ", ".join(f"{ord(first)}, 45, {ord(last)}" for first, last in signs)
