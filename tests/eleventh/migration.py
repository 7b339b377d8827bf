"""The eleventh step: its stage, its table, and its permission for the roles that are there."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "@HEAD@"
branch_labels = None
depends_on = None

OLD, NEW = "'cancelled')", "'cancelled', 'interior')"


def upgrade() -> None:
    _allow_the_stage()
    op.create_table(
        "interior_cleaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("cleaned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["repair_order.id"], name="fk_interior_cleaning_order_id"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_interior_cleaning_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_interior_cleaning"),
        sa.UniqueConstraint("order_id", name="uq_interior_cleaning_order_id"),
    )
    _give_the_right()


def _allow_the_stage() -> None:
    """Let the three columns that hold a stage hold the new one, without rebuilding a table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA writable_schema=ON")
        op.execute(
            f"UPDATE sqlite_master SET sql = replace(sql, '{_quoted(OLD)}', '{_quoted(NEW)}') "
            "WHERE type = 'table' AND name IN ('repair_order', 'stage_change')"
        )
        op.execute("PRAGMA writable_schema=RESET")
        return
    for table, column in (
        ("repair_order", "stage"),
        ("stage_change", "from_stage"),
        ("stage_change", "to_stage"),
    ):
        name = f"ck_{table}_{column}"
        query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
        check = op.get_bind().execute(query, {"name": name}).scalar_one()
        wider = check.replace("'cancelled'::", "'interior'::character varying, 'cancelled'::", 1)
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(sa.text(f"ALTER TABLE {table} ADD CONSTRAINT {name} " + _escaped(wider)))


def _quoted(words: str) -> str:
    return words.replace("'", "''")


def _escaped(words: str) -> str:
    return words.replace("::", r"\:\:")


def _give_the_right() -> None:
    connection = op.get_bind()
    roles = sa.table("role", sa.column("name"), sa.column("permissions", sa.JSON))
    query = sa.select(roles).where(roles.c.name.in_(("service_manager", "washer")))
    for name, rights in connection.execute(query).all():
        known = json.loads(rights) if isinstance(rights, str) else rights
        connection.execute(
            roles.update()
            .where(roles.c.name == name)
            .values(permissions=[*known, "clean_interior"])
        )


def downgrade() -> None:
    raise NotImplementedError("restore the copy that was made before the upgrade")
