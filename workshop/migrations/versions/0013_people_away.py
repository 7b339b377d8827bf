"""Everybody's hours and absences, not the technicians' alone; two absences never overlap."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, text

from workshop.migrations import changing

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ABSENCE = """
CREATE TABLE absence (
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  reason VARCHAR(80) NOT NULL,
  CONSTRAINT pk_absence PRIMARY KEY (id),
  CONSTRAINT ck_absence_order CHECK (starts_at <= ends_at),
  CONSTRAINT fk_absence_user_id FOREIGN KEY(user_id) REFERENCES user (id)
)
"""

SHIFT = """
CREATE TABLE shift (
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  starts TIME NOT NULL,
  ends TIME NOT NULL,
  CONSTRAINT pk_shift PRIMARY KEY (id),
  CONSTRAINT ck_shift_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_shift_order CHECK (starts < ends),
  CONSTRAINT fk_shift_user_id FOREIGN KEY(user_id) REFERENCES user (id)
)
"""


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        _rebuild(bind)
    else:
        for table in ("absence", "shift"):
            _alter(bind, table)
    _part_overlaps(bind)
    changing.run_script(bind, __file__)


def _rebuild(bind: Connection) -> None:
    for table, create in (("absence", ABSENCE), ("shift", SHIFT)):
        person = f'(SELECT user_id FROM technician WHERE technician.id = "{table}".technician_id)'
        changing.run(bind, f"DROP INDEX ix_{table}_technician_id")
        changing.rebuild_on_sqlite(bind, table, create, {"user_id": person})


def _alter(bind: Connection, table: str) -> None:
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN user_id INTEGER "
        f'CONSTRAINT fk_{table}_user_id REFERENCES "user" (id)',
        f"UPDATE {table} SET user_id = technician.user_id FROM technician "
        f"WHERE technician.id = {table}.technician_id",
        f"ALTER TABLE {table} ALTER COLUMN user_id SET NOT NULL",
        f"ALTER TABLE {table} DROP COLUMN technician_id",
    ):
        changing.run(bind, statement)
    if table == "absence":
        changing.run(bind, "ALTER TABLE absence DROP CONSTRAINT ck_absence_order")
        changing.run(
            bind,
            "ALTER TABLE absence ADD CONSTRAINT ck_absence_order CHECK (starts_at <= ends_at)",
        )


def _part_overlaps(bind: Connection) -> None:
    """Of absences that overlap the later one begins when the earlier one ends."""
    found = bind.execute(
        text("SELECT id, user_id, starts_at, ends_at FROM absence ORDER BY user_id, starts_at, id")
    )
    covered: dict[int, str] = {}
    for key, user_id, starts_at, ends_at in found.all():
        until = covered.get(user_id)
        if until is not None and starts_at < until:
            change = text("UPDATE absence SET starts_at = :begins WHERE id = :id")
            bind.execute(change, {"begins": min(until, ends_at), "id": key})
        covered[user_id] = ends_at if until is None else max(until, ends_at)
