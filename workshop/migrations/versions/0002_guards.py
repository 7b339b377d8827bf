"""What must never be false, in the database's own words: triggers and exclusion constraints."""

from __future__ import annotations

from alembic import op

from workshop.migrations import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in guards.statements(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("the guards stay: restore a backup instead")
